"""What the lessons say about Python beside their blocks of code, a test for each sentence that could be wrong."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gc
import hashlib
import http.client
import importlib
import multiprocessing
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import threading
import time
import tracemalloc
import urllib.request
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def python(code: str, *, stdin: bool = False, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh Python: as a script in `folder`, or typed into its standard input."""
    text = textwrap.dedent(code)
    words = [sys.executable, "-"]
    if not stdin:
        assert folder is not None
        (folder / "script.py").write_text(text, encoding="utf-8")
        words = [sys.executable, "script.py"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        words,
        input=text if stdin else "",
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- 01


def test_start_returns_at_once_and_join_waits_for_the_end() -> None:
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait)
    thread.start()  # would not return while the gate is shut, if it waited
    assert thread.is_alive()
    thread.join(0.05)
    assert thread.is_alive()
    gate.set()
    thread.join()
    assert not thread.is_alive()


def test_with_join_right_after_start_the_second_thread_begins_when_the_first_has_ended() -> None:
    seen: list[str] = []

    def task(name: str) -> None:
        seen.append(f"{name} begins")
        time.sleep(0.02)
        seen.append(f"{name} ends")

    for name in ("a", "b"):
        thread = threading.Thread(target=task, args=(name,))
        thread.start()
        thread.join()
    assert seen == ["a begins", "a ends", "b begins", "b ends"]


def test_threads_see_the_same_objects_and_have_stacks_of_their_own() -> None:
    shared: list[int] = []

    def add(value: int) -> None:
        local = value * 10
        both.wait()
        shared.append(local)

    both = threading.Barrier(2)
    threads = [threading.Thread(target=add, args=(value,)) for value in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(shared) == [10, 20]


def test_args_without_a_comma_fail_in_the_thread_and_join_says_nothing(tmp_path: Path) -> None:
    done = python(
        """
        import threading, time
        thread = threading.Thread(target=time.sleep, args=(0.1))
        thread.start()
        thread.join()
        print("joined")
        """,
        folder=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "joined\n")
    assert "TypeError" in done.stderr


# --- 06

USUAL = {"win32": "spawn", "darwin": "spawn", "linux": "forkserver" if sys.version_info >= (3, 14) else "fork"}


@pytest.mark.skipif(sys.platform not in USUAL, reason="the lesson speaks of Windows, macOS and Linux")
def test_the_default_start_method_depends_on_the_system(tmp_path: Path) -> None:
    done = python("import multiprocessing as m; print(m.get_start_method())", folder=tmp_path)
    assert done.stdout.strip() == USUAL[sys.platform]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_the_file_is_read_again_by_spawn_and_forkserver_and_not_by_fork(method: str, tmp_path: Path) -> None:
    done = python(
        f"""
        import multiprocessing
        print("read as", __name__, flush=True)
        if __name__ == "__main__":
            multiprocessing.set_start_method("{method}")
            child = multiprocessing.Process(target=print, args=("hello",))
            child.start()
            child.join()
        """,
        folder=tmp_path,
    )
    again = [] if method == "fork" else ["read as __mp_main__"]
    assert done.stdout.splitlines() == ["read as __main__", *again, "hello"]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_what_is_set_behind_the_guard_is_known_to_a_forked_child_only(method: str, tmp_path: Path) -> None:
    done = python(
        f"""
        import multiprocessing

        def tell():
            print(delay)

        if __name__ == "__main__":
            delay = 0.5
            multiprocessing.set_start_method("{method}")
            child = multiprocessing.Process(target=tell)
            child.start()
            child.join()
            print(child.exitcode)
        """,
        folder=tmp_path,
    )
    assert done.returncode == 0
    assert done.stdout.split() == (["0.5", "0"] if method == "fork" else ["1"])
    assert ("NameError" in done.stderr) == (method != "fork")


def test_what_is_typed_into_a_prompt_is_no_file_that_a_child_could_read() -> None:
    done = python(
        """
        import multiprocessing
        multiprocessing.set_start_method("spawn")
        def hello():
            print("hello")
        child = multiprocessing.Process(target=hello)
        child.start()
        child.join()
        print(child.exitcode)
        """,
        stdin=True,
    )
    assert "hello" not in done.stdout
    assert done.stdout.strip() == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="a signal ends a process in another way there")
def test_a_hard_crash_ends_all_threads_of_a_process_and_no_other_process(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing, os, threading

        def crash():
            os.abort()

        def crash_in_a_thread():
            threading.Thread(target=crash).start()
            threading.Event().wait()  # the main thread would wait for ever

        if __name__ == "__main__":
            child = multiprocessing.Process(target=crash_in_a_thread)
            child.start()
            child.join()
            print("the parent lives; the child:", child.exitcode)
        """,
        folder=tmp_path,
    )
    assert done.stdout == f"the parent lives; the child: {-signal.SIGABRT}\n"


def test_a_childs_lines_come_in_one_piece_at_its_end_where_output_is_no_terminal(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing, time

        def write(name, begin, between):
            time.sleep(begin)
            for number in range(3):
                print(name, number)
                time.sleep(between)

        if __name__ == "__main__":
            slow = multiprocessing.Process(target=write, args=("slow", 0, 0.6))
            quick = multiprocessing.Process(target=write, args=("quick", 0.3, 0))
            slow.start(); quick.start(); slow.join(); quick.join()
        """,
        folder=tmp_path,
    )
    # "slow 0" is printed first, and still comes after the lines of the process that ends first.
    assert done.stdout.splitlines() == ["quick 0", "quick 1", "quick 2", "slow 0", "slow 1", "slow 2"]


# --- 10


def test_without_max_workers_the_pool_takes_the_cores_and_four_up_to_32() -> None:
    count = getattr(os, "process_cpu_count", os.cpu_count)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        assert pool._max_workers == min(32, (count() or 1) + 4)


def test_a_pool_of_no_workers_is_refused() -> None:
    for kind in (concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor):
        with pytest.raises(ValueError, match="max_workers"):
            kind(max_workers=0)


def test_what_a_task_raises_waits_until_somebody_asks_for_the_result() -> None:
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        future.result()


def test_the_end_of_the_block_waits_for_the_work_and_ends_the_threads() -> None:
    before = threading.active_count()
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        futures = [pool.submit(time.sleep, 0.05) for _ in range(4)]
    assert all(future.done() for future in futures)
    assert threading.active_count() == before


def test_map_keeps_the_order_of_its_input_whatever_is_done_first() -> None:
    first_may_end = threading.Event()

    def task(number: int) -> int:
        if number == 0:
            assert first_may_end.wait(10)
        else:
            first_may_end.set()
        return number

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        assert list(pool.map(task, range(2))) == [0, 1]


# --- 13


@contextmanager
def server(behave: Callable[[socket.socket], object]) -> Iterator[str]:
    """Serve one connection as `behave` does; yields its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                behave(connection)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def test_by_default_a_socket_waits_without_end() -> None:
    assert socket.getdefaulttimeout() is None


def test_the_timeout_is_for_each_wait_on_the_network_and_not_for_the_page() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(6):
            time.sleep(0.2)
            connection.sendall(b".")

    with server(drip) as url, urllib.request.urlopen(url, timeout=1.0) as answer:  # noqa: S310 - our own server
        assert answer.read() == b"......"  # took 1.2 s, and no wait was as long as the timeout


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_urlopen_follows_redirects_to_a_path(status: int) -> None:
    def redirect(connection: socket.socket) -> None:
        connection.sendall(
            f"HTTP/1.1 {status} Moved\r\nLocation: /new\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        connection.close()
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(65536).split()[1])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")

    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            redirect(connection)

        thread = threading.Thread(target=answer)
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{listener.getsockname()[1]}/old", timeout=10) as page:
            assert page.read() == b"hi"
        thread.join()
    assert asked == [b"/new"]


def test_the_charset_stands_in_the_header_and_wrong_bytes_can_be_replaced() -> None:
    header = http.client.HTTPMessage()
    header["Content-Type"] = "text/html; charset=iso-8859-1"
    assert header.get_content_charset() == "iso-8859-1"
    assert http.client.HTTPMessage().get_content_charset() is None
    assert b"caf\xe9!".decode("utf-8", errors="replace") == "caf�!"


# --- 14


def test_a_pipe_has_no_size_a_short_piece_is_not_its_end_and_an_empty_one_is() -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, b"some")
    assert os.fstat(read_end).st_size == 0 or sys.platform == "darwin"  # there it is what can be read by now
    assert os.read(read_end, 100) == b"some"
    os.write(write_end, b"more")
    os.close(write_end)
    assert os.read(read_end, 100) == b"more"
    assert os.read(read_end, 100) == b""
    os.close(read_end)


def test_copyfile_does_not_bring_the_file_into_memory(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(16 * 2**20))
    tracemalloc.start()
    shutil.copyfile(tmp_path / "a", tmp_path / "b")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2**20
    assert (tmp_path / "b").stat().st_size == 16 * 2**20


def test_replace_does_not_move_a_file_to_another_disk(tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # noqa: S108 - one that is another file system
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other file system here")
    (tmp_path / "a").write_bytes(b"x")
    with tempfile.TemporaryDirectory(dir=memory) as folder, pytest.raises(OSError, match=r"[Cc]ross-device"):
        os.replace(tmp_path / "a", Path(folder, "a"))  # noqa: PTH105 - as the lesson has it


# --- 15


def test_many_read_an_sqlite_file_at_once_and_who_writes_locks_all_others_out_for_a_moment(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        path = tmp_path / "a.db"
        ann, bob, eve = (stack.enter_context(contextlib.closing(sqlite3.connect(path, timeout=0))) for _ in range(3))
        ann.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);")
        readers = [connection.execute("SELECT a FROM t") for connection in (ann, bob)]
        assert [reader.fetchone() for reader in readers] == [(1,), (1,)]  # both are in the middle of it
        for reader in readers:
            reader.close()
        eve.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            ann.execute("SELECT a FROM t")
        eve.rollback()
        assert len(ann.execute("SELECT a FROM t").fetchall()) == 2


def test_by_itself_a_connection_has_patience_for_5_s() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)


def test_while_sqlite_works_the_gil_is_free() -> None:
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT COUNT(*) FROM n"

    def query() -> None:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(count).fetchall()

    assert ticks_during(query) > 5


def test_a_connection_that_is_forgotten_gives_a_warning_since_3_13() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        connection = sqlite3.connect(":memory:")
        del connection
        gc.collect()
    told = [warning.category for warning in caught]
    assert told == ([ResourceWarning] if sys.version_info >= (3, 13) else [])


# --- 20


def test_a_thread_that_computes_is_asked_to_let_another_in_after_5_ms() -> None:
    assert sys.getswitchinterval() == 0.005


def ticks_during(work: Callable[[], object]) -> int:
    """Return how often this thread got to run while another was inside the one C call `work`."""
    begun, ended = threading.Event(), threading.Event()

    def run() -> None:
        begun.set()
        work()
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    ticks = 0
    while not ended.is_set():
        time.sleep(0.001)
        ticks += 1
    thread.join()
    return ticks


@pytest.mark.parametrize("name", ["hashlib", "zlib"])
def test_c_code_may_put_the_gil_down_while_it_works(name: str) -> None:
    data = bytes(64 * 2**20)
    work = {"hashlib": lambda: hashlib.sha256(data), "zlib": lambda: zlib.compress(data)}[name]
    assert ticks_during(work) > 5


def test_the_gil_does_not_guard_data_between_reading_and_writing_back() -> None:
    class Box:
        value = 0

    def add_one() -> None:
        read = Box.value
        both_have_read.wait()
        Box.value = read + 1

    both_have_read = threading.Barrier(2)
    threads = [threading.Thread(target=add_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Box.value == 1  # two were added


def test_there_is_a_free_threaded_build_since_3_13() -> None:
    known = sysconfig.get_config_var("Py_GIL_DISABLED") is not None
    assert known == (sys.version_info >= (3, 13))


def test_pools_of_multiprocessing_that_are_threads() -> None:
    dummy, pools = (importlib.import_module(f"multiprocessing.{name}") for name in ("dummy", "pool"))
    for pool_type in (dummy.Pool, pools.ThreadPool):
        with pool_type(2) as pool:
            assert set(pool.map(lambda _: os.getpid(), range(4))) == {os.getpid()}


def test_a_lambda_cannot_be_sent_to_a_process() -> None:
    with concurrent.futures.ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        future = pool.submit(lambda: 1)
        with pytest.raises(Exception, match=r"[Pp]ickle|local object"):
            future.result()
