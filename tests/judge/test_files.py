"""The judge's folder of files: what an answer may do there, and what holds it until enough of it is there."""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.files import Files
from grader.judge.learner import Learner
from tests.bench import Bench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

ANSWER = """
    import os, sqlite3, threading, time
    from concurrent.futures import ThreadPoolExecutor

    def read(path):
        with open(path, "rb") as file:
            return file.read()

    def size(path):
        with open(path, "rb") as file:
            return len(file.read())

    def read_all(paths, workers):
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(size, paths))

    def read_in_turn(paths):
        return [size(path) for path in paths]

    def write(path, text):
        with open(path, "w") as file:
            file.write(text)
        return sorted(os.listdir(os.path.dirname(path)))

    def link(path, target):
        os.symlink(target, path)

    def pipe(path):
        os.mkfifo(path)

    def count(database):
        connection = sqlite3.connect(database)
        found = connection.execute("SELECT COUNT(*) FROM t").fetchone()[0]
        connection.close()
        return found

    def count_all(database, workers):
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(count, [database] * workers))

    def count_in_turn(database, times):
        return [count(database) for _ in range(times)]

    def count_in_children(database, workers):
        pids = [os.fork() for _ in range(1)]
        for _ in range(workers - 1):
            pids += [os.fork()] if pids[-1] else []
        count(database)
        if 0 in pids:
            os._exit(0)
        for pid in pids:
            os.waitpid(pid, 0)

    def change(database):
        connection = sqlite3.connect(database)
        with connection:
            connection.execute("INSERT INTO t VALUES (3)")
        connection.close()
        return count(database)
"""
TABLE = "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        bench = Bench(Path(name))
        yield bench
        bench.close()


@pytest.fixture(scope="module")
def learner(bench: Bench) -> Learner:
    return bench.learner(ANSWER)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A folder of files without a learner's process: threads of the test's own take its place."""
    return Files(tmp_path, None, 1.0)


# --- the folder


def test_an_answer_reads_and_writes_what_is_in_the_folder(learner: Learner) -> None:
    with learner.files() as files:
        assert learner.call("read", files.write("a.txt", "ä")).value == "ä".encode()
        assert learner.call("write", files.path("b.txt"), "hello").value == ["a.txt", "b.txt"]
        assert files.names() == ["a.txt", "b.txt"]
        assert files.read("b.txt") == b"hello"
        assert files.digest("b.txt") == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_what_one_call_left_another_finds_and_the_end_of_the_block_takes_away(learner: Learner) -> None:
    with learner.files() as files:
        folder = files.make_folder("in")
        learner.call("write", f"{folder}/a", "1")
        assert learner.call("read", f"{folder}/a").value == b"1"
        assert files.names("in") == ["a"]
    assert not files.folder.exists()


MAKERS: dict[str, Callable[[Files, str], object]] = {
    "file": lambda files, name: files.write(name, "ours"),
    "database": lambda files, name: files.database(name, TABLE),
    "pipe": lambda files, name: files.fifos({name: b"ours"}),
    "folder": lambda files, name: files.make_folder(name),
}


@pytest.mark.parametrize("what", ["file", "database", "pipe"])
def test_what_is_made_takes_the_place_of_a_link_and_leaves_alone_where_that_leads(
    files: Files, tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    """An answer may leave links in the folder: the judge, who has more rights, must not write where they lead."""
    outside = tmp_path_factory.mktemp("outside")
    kept = outside / "kept"
    kept.write_text("")  # a database could be made of it
    kept.chmod(0o600)
    for name, target in (("to a file", kept), ("to nothing", outside / "new")):
        (files.folder / name).symlink_to(target)
        MAKERS[what](files, name)
        assert not (files.folder / name).is_symlink()
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == ("", 0o600)
    assert list(outside.iterdir()) == [kept]


@pytest.mark.parametrize("what", MAKERS)
@pytest.mark.parametrize("name", ["linked/a", "file/a", "folder", "../a", "/a", "a\0b", "中" * 100])
def test_what_is_in_the_way_of_what_is_to_be_made_is_the_answers_fault(
    files: Files, tmp_path_factory: pytest.TempPathFactory, what: str, name: str
) -> None:
    """And none of the grader's, by which an answer would get rid of the check."""
    outside = tmp_path_factory.mktemp("outside")
    (files.folder / "linked").symlink_to(outside)
    (files.folder / "file").write_text("")
    (files.folder / "folder").mkdir()
    with pytest.raises(LearnerFault, match=re.escape(f"The check could not make {Path(name).name!r}")):
        MAKERS[what](files, name)
    assert list(outside.iterdir()) == []


def test_a_lock_is_not_taken_where_a_link_leads(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    (files.folder / "a.db").symlink_to(tmp_path_factory.mktemp("outside") / "new")
    with pytest.raises(LearnerFault, match=r"'a\.db'"):
        files.locked(files.path("a.db"), until=1)


@pytest.mark.skipif(sys.platform != "linux", reason="there are no fences")
def test_the_folder_of_another_learner_is_closed(learner: Learner, bench: Bench) -> None:
    with learner.files() as files, bench.learner(ANSWER).files() as others:
        assert learner.call("read", files.write("a", b"own")).value == b"own"
        error = learner.call("read", others.write("b", b"secret")).error
        assert error is not None
        assert "OSError" in error.bases


def test_a_file_has_the_size_that_it_should_and_reads_as_zeros_from_its_data_on(files: Files) -> None:
    path = Path(files.write("big", b"x", size=10_000))
    assert path.read_bytes() == b"x" + bytes(9_999)


def test_nothing_is_read_but_files_and_no_link_leads_out(learner: Learner) -> None:
    with learner.files() as files:
        learner.call("link", files.path("out"), "/etc/passwd")
        learner.call("link", files.path("up"), "..")
        learner.call("link", files.path("loop"), files.path("loop"))
        learner.call("pipe", files.path("pipe"))
        for name in ("out", "pipe", "missing", "loop"):
            assert files.read(name) is None, name
            assert files.digest(name) is None, name
        assert files.names("up") == files.names("missing") == []


def test_what_an_answer_says_is_a_path_need_not_be_one(files: Files) -> None:
    path = files.write("a", b"x")
    files.write("b", b"x")
    assert files.leads_to(path, "a")
    assert files.leads_to(files.path("../") + "/" + Path(files.path("a")).parent.name + "/a", "a")
    for other in (files.path("b"), files.path("missing"), "", "\0", "x" * 100_000, None, 1, path.encode()):
        assert not files.leads_to(other, "a")
    assert not files.leads_to(files.path("c"), "c")


# --- a locked database


def test_a_lock_goes_once_enough_connections_are_open(learner: Learner) -> None:
    with learner.files() as files:
        database = files.database("a.db", TABLE)
        with files.locked(database, until=3, patience=60) as lock:
            assert learner.call("count_all", database, 3).value == [2, 2, 2]
        assert lock.peak == 3


def test_connections_of_other_processes_count_too(learner: Learner) -> None:
    with learner.files() as files:
        database = files.database("a.db", TABLE)
        with files.locked(database, until=3, patience=60) as lock:
            learner.call("count_in_children", database, 3)
        assert lock.peak >= 3


def test_who_connects_in_turn_gets_the_lock_after_the_patience_and_is_found_out(learner: Learner) -> None:
    with learner.files() as files:
        database = files.database("a.db", TABLE)
        with files.locked(database, until=2, patience=0.5) as lock:
            run = learner.call("count_in_turn", database, 3)
        assert run.value == [2, 2, 2]
        assert run.seconds >= 0.4
        assert lock.peak == 1


def test_a_lock_that_nobody_came_for_goes_with_its_block(files: Files) -> None:
    with files.locked(files.database("a.db", TABLE), until=1, patience=60) as lock:
        pass
    assert lock.peak == 0


def test_an_answer_may_write_to_a_database(learner: Learner) -> None:
    with learner.files() as files:
        assert learner.call("change", files.database("a.db", TABLE)).value == 3


def test_what_is_no_database_is_told_where_the_block_begins(files: Files) -> None:
    with pytest.raises(Exception, match="not a database"), files.locked(files.write("a", b"x" * 2000), until=1):
        pass


# --- files that are held back


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_files_that_are_asked_for_together_are_held_until_all_are(learner: Learner) -> None:
    with learner.files() as files:
        paths = [files.write(f"{n}", bytes(n)) for n in range(3)]
        with files.held(paths, until=3, patience=60) as held:
            assert learner.call("read_all", paths, 3).value == [0, 1, 2]
        assert held.possible
        assert held.peak == 3


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_who_asks_for_one_file_after_another_is_found_out(learner: Learner) -> None:
    with learner.files() as files:
        paths = [files.write(f"{n}", bytes(n)) for n in range(3)]
        with files.held(paths, until=2, patience=0.3) as held:
            assert learner.call("read_in_turn", paths).value == [0, 1, 2]
        assert held.peak == 1


def test_where_files_cannot_be_held_nobody_waits_and_that_is_told(files: Files) -> None:
    with files.held([files.make_folder("a")], until=1, patience=60) as held:
        assert not any(Path(files.path("a")).iterdir())
    assert not held.possible


# --- pipes


def test_pipes_are_written_once_enough_of_them_are_read(learner: Learner) -> None:
    with learner.files() as files:
        contents = {f"{n}": bytes(n * 50_000) for n in range(3)}
        with files.fifos(contents, until=3, patience=60) as fifos:
            assert learner.call("read_all", [files.path(name) for name in contents], 3).value == [0, 50_000, 100_000]
        assert fifos.peak == 3


def test_pipes_that_are_read_in_turn_are_never_read_together(files: Files) -> None:
    contents = {f"{n}": b"x" * 100_000 for n in range(4)}
    with files.fifos(contents, until=2, patience=0.3) as fifos:
        assert [len(Path(files.path(name)).read_bytes()) for name in contents] == [100_000] * 4
    assert fifos.peak == 1


def test_a_reader_of_the_next_pipe_is_not_counted_beside_its_last(files: Files) -> None:
    """Three workers that each begin with the next pipe at once are three, not four."""
    contents = {f"{n}": b"x" * 70_000 for n in range(30)}
    names = list(contents)

    def work() -> None:
        while names:
            Path(files.path(names.pop())).read_bytes()

    with files.fifos(contents) as fifos:
        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert 1 <= fifos.peak <= 3


@pytest.mark.parametrize("by", ["a link out of the folder", "a link to a device", "a file"])
def test_the_judge_writes_to_nothing_that_an_answer_puts_in_the_place_of_a_pipe(
    files: Files, tmp_path: Path, by: str
) -> None:
    """It may write where the answer may not, and a device need not take what a pipe does."""
    other = tmp_path / "other"
    other.touch()
    with files.fifos({"a": b"x" * 100}, until=1, patience=60) as fifos:
        pipe = Path(files.path("a"))
        pipe.unlink()
        if by == "a file":
            pipe.touch()
            other = pipe
        else:
            pipe.symlink_to(os.devnull if by == "a link to a device" else other)
        time.sleep(0.2)
    assert fifos.peak == 0
    assert other.read_bytes() == b""


def test_pipes_that_nobody_reads_to_the_end_or_at_all_keep_nobody(files: Files) -> None:
    began = time.monotonic()
    with files.fifos({"a": b"x" * 200_000, "b": b"y", "c": b"z"}, until=2, patience=60) as fifos:
        with Path(files.path("a")).open("rb"):
            pass
        assert Path(files.path("b")).name == "b"
    assert time.monotonic() - began < 30
    assert fifos.peak <= 1


def test_of_a_folder_whose_rights_were_taken_away_no_names_are_known(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError

    files.make_folder("closed")
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert files.names("closed") == []
