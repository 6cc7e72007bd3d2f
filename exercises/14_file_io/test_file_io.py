"""The checks of kata 14: real files, and pipes whose readers the judge can hold until enough of them are there."""

import contextlib
import hashlib
import re
from pathlib import Path

import pytest

from grader import wire
from grader.judge.faults import LearnerFault, explaining

MIB = 2**20
READ_ONCE = "A pipe can be opened and read once: was one opened a second time, or its bytes asked for again?"


def some_files(rng, files, sizes, folder=""):
    """Files of these sizes, by path: what is in each. Line ends of every kind are among the bytes."""
    made = {}
    for number, size in enumerate(sizes):
        data = (b"\r\n\n\x1a\xff" + rng.randbytes(size))[:size]
        made[files.write(f"{folder}{number}-{rng.randint(0, 999)}.bin", data)] = data
    return made


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def known(value):
    """What was returned for one path, in words."""
    return repr(value) if not isinstance(value, wire.Raised) else f"{value.type}: {value.text}"


def results_of(run, keys):
    """What was returned, which should be a dict with these keys."""
    assert isinstance(run.value, dict), f"{run.asked} should return a dict; it returned {run.value!r}."
    assert run.value.keys() == set(keys), (
        f"The dict should have a key for each path, as it was given, and for those that failed too. Missing: "
        f"{sorted(set(keys) - run.value.keys())}; not asked for: {sorted(map(repr, run.value.keys() - set(keys)))}."
    )
    return run.value


def reason(value, data):
    """What gives such a checksum, where that can be told."""
    if value == sha256(b""):
        return (
            "That is the checksum of nothing: were the bytes read at all? Not everything that can be read has a size."
        )
    if value == sha256(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        return "That is what comes of text, whose line ends are made alike: open files as bytes."
    part = next(
        (size for piece in (4096, 5000) for size in range(piece, len(data), piece) if value == sha256(data[:size])), 0
    )
    if part:
        return f"That is the checksum of the first {part} bytes alone: only an empty piece is the end, not one that is shorter than was asked for."
    return "It is that of all the bytes, from the first to the last, as 64 lower-case hex digits."


def assert_checksum(value, data, what, more=lambda: ""):
    assert value == sha256(data), (
        f"The checksum of {what}, {len(data)} bytes, should be {sha256(data)}; it is {known(value)}. {reason(value, data)}{more()}"
    )


def of_an_ordinary_file(learner, rng):
    """Whether an ordinary file, which is read in several full pieces, gets the right checksum, a sentence."""
    data = rng.randbytes(5 * MIB + 3)
    with learner.aside(), contextlib.suppress(LearnerFault), learner.files() as files:
        path = files.write("ordinary.bin", data)
        found = learner.call("checksum_all", [path], 1).value
        right = isinstance(found, dict) and found.get(path) == sha256(data)
        return f" The checksum of an ordinary file, {len(data)} bytes, is {'right' if right else 'wrong too'}."
    return ""


def assert_copy(files, value, name, data):
    """The value for a source is the path of its copy, which has the same bytes."""
    shared = (
        " That file is the answer's own, in target_dir, and was gone: do two workers give what is unfinished the same name?"
        if isinstance(value, wire.Raised) and value.type == "FileNotFoundError" and files.path("target") in value.text
        else ""
    )
    assert isinstance(value, str), (
        f"The value for {name} should be the path of its copy, a str; it is {known(value)}.{shared}"
    )
    assert name in files.names("target"), (
        f"target_dir should hold a copy of that name, {name}; it holds {files.names('target')}."
    )
    assert files.leads_to(value, f"target/{name}"), (
        f"The value for {name} should be a path to its copy, {files.path(f'target/{name}')}; it is {value!r}."
    )
    seen = files.read(f"target/{name}")
    if seen is not None and len(seen) == len(data):
        how = ", others than these: do two workers give what is unfinished the same name?"
    elif seen is not None:
        how = ", and they differ: files are copied as bytes, without a look at lines or text."
    else:
        how = "."
    assert seen == data, f"The copy of {name} should have the same {len(data)} bytes; it has {len(seen or b'')}{how}"


def assert_sources(files, made):
    """The sources are as they were, and no copy of theirs in `target` is a link to one."""
    for path, data in made.items():
        name = Path(path).relative_to(files.folder)
        seen = files.read(str(name))
        assert seen is not None, f"{name} was to be copied, and now it is gone: it was moved."
        assert seen == data, f"{name} was to be copied, and now it has {len(seen)} other bytes itself."
        assert not files.leads_to(path, f"target/{name.name}"), (
            f"target/{name.name} is no copy of {name}, but a link: the same file under a second name. Who writes to one writes to both."
        )


def assert_error(value, what, missing=""):
    assert isinstance(value, wire.Raised) and "OSError" in value.bases, (
        f"{what}: the value should be the OSError that was raised, as an object; it is {known(value)}. Who reads the result asks "
        "`isinstance(value, OSError)`."
    )
    assert not missing or (value.type == "FileNotFoundError" and missing in value.text), (
        f"{what}: the value should be the FileNotFoundError that opening {missing} raised, itself; it is {known(value)}. An error that is "
        "made anew has lost its type, or errno and filename; and one that another step raises later, such as tidying up, tells of something else."
    )


def assert_left_alone(told, name):
    """What `called_again` told of the second call, of open files, and of the list of paths."""
    left = told.get("open")
    assert not left, (
        f"{name} of a file and of a folder, twice: when it had returned, still open: {left}. A program may have so many open files and no more: "
        "`with` closes them, in each case."
    )
    now, before = told["given"]
    assert now == before, f"{name} was given the list {before}, and left it as {now}. The list belongs to the caller."


def test_checksums_are_exact(learner, rng):
    """The checksum is that of the bytes, for an empty file too, and no paths give an empty dict."""
    with learner.files() as files:
        own = files.make_folder("a")
        made = some_files(rng, files, [0, 1, 5, 1000, 65_536, 300_001])
        made = {path.replace(files.path(""), files.path("a/../")): data for path, data in made.items()}
        for workers in (1, 4):
            found = results_of(learner.call("checksum_all", list(made), workers), made)
            for path, data in made.items():
                assert_checksum(found[path], data, f"a file ({Path(path).name})")
        learner.call("checksum_all", [], 2).returned({}, "There is nothing to read.")
        told = learner.probe("called_again", "checksum_all", f"{own}/file", 2).value
        assert_left_alone(told, "checksum_all")
        assert told["values"] == [sha256(b"1" * 1000), sha256(b"2" * 1000)], (
            f"checksum_all of a file, which then got other bytes, as many, and checksum_all of it again: {told['values']} came. The second should be "
            f"{sha256(b'2' * 1000)}: what is in a file now nobody knows who has not read it again."
        )


def test_copies_are_exact(learner, rng):
    """Each copy has the bytes of its source and its name; nothing else is left in the folder."""
    with learner.files() as files:
        target = files.make_folder("target")
        files.make_folder("a")
        made = some_files(rng, files, [0, 1, 300_001]) | some_files(rng, files, [70_000], folder="a/more-")
        given = {path if "/a/" in path else path.replace(files.path(""), files.path("a/../")): path for path in made}
        found = results_of(learner.call("copy_all", list(given), target, 3), given)
        for key, path in given.items():
            assert_copy(files, found[key], Path(path).name, made[path])
        names = sorted(Path(path).name for path in made)
        assert files.names("target") == names, (
            f"At the end target_dir should hold {names}; it holds {files.names('target')}."
        )
        assert_sources(files, made)
        own = files.make_folder("own")
        told = learner.probe("called_again", "copy_all", f"{own}/file", target, 2).value
        assert_left_alone(told, "copy_all")
        assert files.read("target/file") == b"2" * 1000, (
            f"copy_all of a file, which then got other bytes, as many, and copy_all of it again: {told['values']} came, and the copy does not have the new "
            "bytes. A copy that is there already may be an old one: it is to be copied each time."
        )
        learner.call("copy_all", [], target, 2).returned({}, "There is nothing to copy.")


@pytest.mark.points(2)
def test_checksums_overlap(learner, rng):
    """Four workers read four pipes at the same time, each to its end."""
    contents = {f"pipe{number}": rng.randbytes(200_003 + number) for number in range(4)}
    with learner.files() as files, files.fifos(contents, until=4) as fifos:
        with explaining(READ_ONCE):
            run = learner.call("checksum_all", [files.path(name) for name in contents], 4)
        found = results_of(run, [files.path(name) for name in contents])
    refused = [value for value in found.values() if not isinstance(value, str)]
    assert not refused, (
        f"checksum_all of 4 pipes by 4 workers: for {len(refused)} came {known(refused[0])}. A pipe is no regular file (os.path.isfile says False), and can be "
        "opened and read like one."
    )
    unread = [name for name in contents if found[files.path(name)] == sha256(b"")]
    assert not unread, (
        f"checksum_all of 4 pipes by 4 workers, each pipe with some 200,000 bytes: for {', '.join(unread)} came the checksum of nothing. "
        f"They were {'opened and closed' if fifos.peak else 'not opened at all, or closed at once,'} with not one byte read. A pipe has no size (os.path.getsize and stat "
        f"give 0): read on until an empty piece comes. {READ_ONCE}"
    )
    assert fifos.peak == 4, (
        f"checksum_all of 4 pipes by 4 workers: nothing came out of the pipes until all 4 would be read at once, and at most "
        f"{fifos.peak} {'was' if fifos.peak == 1 else 'were'}. While one has nothing to read the others could be read: hand all "
        "paths to the workers before you wait for the first result."
    )
    for name, data in contents.items():
        what = "a pipe, whose bytes come in pieces of 5000 and which has no size"
        assert_checksum(found[files.path(name)], data, what, lambda: of_an_ordinary_file(learner, rng))
    workers = rng.randint(18, 22)
    with learner.files() as files:
        held, others = slow_and_quick(rng, files, workers)
        pipes = {name: rng.randbytes(1000) for name in held}
        paths = [files.path(name) for name in in_a_row(held, others)]
        with files.fifos(pipes, until=workers, patience=6.0) as fifos, explaining(READ_ONCE):
            found = results_of(learner.call("checksum_all", paths, workers), paths)
        assert fifos.peak == workers, (
            f"checksum_all of {len(paths)} paths by {workers} workers: the first {workers - 1} and the last are pipes, out of which nothing came until all {workers} would "
            f"be read at once, and between them are ordinary files. At most {fifos.peak} pipes were. {not_the_next(fifos.peak, workers)}{opened_meanwhile(learner, rng)}"
        )
        for name, data in (pipes | others).items():
            assert_checksum(found[files.path(name)], data, f"one of {len(paths)} files ({name})")


def slow_and_quick(rng, files, workers):
    """As many names as there are workers, of files that will be held; and so many small files that any shares of all are more than one."""
    others = {f"quick{number}": rng.randbytes(10) for number in range(4 * workers + 1)}
    for name, data in others.items():
        files.write(name, data)
    return [f"slow{number}" for number in range(workers)], others


def in_a_row(held, others):
    """All but one of those that will be held, then the others, and then the last: it is begun in time by who is done with the others."""
    return [*held[:-1], *others, held[-1]]


def not_the_next(peak, workers):
    """What it may come from that not all of those that were held were asked for."""
    if peak == workers - 1:
        return (
            "The one left is the last of the list, and the worker who had the ordinary files is free for it: who is done should take the next at once. Rows of "
            "`workers`, fixed shares, or waiting for the oldest result keep him from it, and so does a lock around what is to be done at the same time."
        )
    return (
        "As long as there are enough, each of the workers should have one: are there fewer of them than `workers`, or do they take several paths at a time "
        "(as ThreadPool.map hands them out), of which the second waits for the first?"
    )


def opened_meanwhile(learner, rng):
    """Which paths three workers open while the second of nine is a pipe that keeps silent, a sentence; "" if not seen."""
    with learner.aside(), contextlib.suppress(LearnerFault), learner.files() as files:
        names = [f"{number}.bin" for number in range(1, 10)]
        paths = [files.path(name) if name == "2.bin" else files.write(name, rng.randbytes(10)) for name in names]
        with files.fifos({"2.bin": b"late"}, until=2, patience=2.0):
            opened = learner.probe("opened_soon", paths, 3, 1.0).value
        if opened:
            places = " ".join(str(place + 1) for place in opened)
            return f" In another call, of 9 paths by 3 workers, number 2 was a pipe, silent for 2 s: in the first second these were opened: {places}."
    return ""


def opened_by_the_caller(learner, paths, target):
    """What is known where no thread and no process was begun."""
    made = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        made = learner.probe("threads_made", paths, target, 3).value
    if made is None:
        return "No thread was begun. Give the copies to workers too."
    if made:
        return f"{made} Thread objects were made and none was begun: run() does the work in the calling thread, start() begins a thread for it."
    return (
        "No thread was begun, no Thread object and no pool were made: the calling thread opened the files itself, one after the other, in a loop or by map(). "
        "Give the copies to workers too."
    )


def test_copies_overlap(learner, rng):
    """Three workers copy three files at the same time."""
    with learner.files() as files:
        target = files.make_folder("target")
        made = some_files(rng, files, [100_000] * 3)
        with files.held(made, until=3) as held:
            run = learner.call("copy_all", list(made), target, 3)
        found = results_of(run, made)
        for path, data in made.items():
            assert_copy(files, found[path], Path(path).name, data)
        assert_sources(files, made)
        why = (
            "While one waits for its file the others could go on: hand all files to the workers before you wait for the first."
            if len(run.threads) > 1 or run.children
            else opened_by_the_caller(learner, list(made), target)
        )
    # Where the system has no leases, threads or processes that live at the same time are all that can be seen.
    most = held.peak if held.possible else max(run.peak_threads - 1, len(run.children))
    assert most >= 3, (
        f"copy_all of 3 files by 3 workers: none of them could be opened until all 3 were asked for, and at most {most} "
        f"{'was' if most == 1 else 'were'}. {why}"
    )
    workers = rng.randint(18, 22)
    with learner.files() as files:
        target = files.make_folder("target")
        names, others = slow_and_quick(rng, files, workers)
        slow = {name: rng.randbytes(1000) for name in names}
        paths = [files.path(name) for name in in_a_row(names, others)]
        with files.held([files.write(*item) for item in slow.items()], until=workers, patience=6.0) as held:
            found = results_of(learner.call("copy_all", paths, target, workers), paths)
        assert held.peak == workers or not held.possible, (
            f"copy_all of {len(paths)} files by {workers} workers: the first {workers - 1} and the last could not be opened until all {workers} were asked for, and at most "
            f"{held.peak} were. {not_the_next(held.peak, workers)}"
        )
        for name, data in (slow | others).items():
            assert_copy(files, found[files.path(name)], name, data)


def each_its_own(peak):
    """What so many at once of nine say."""
    return ": each file has a thread of its own" if peak == 9 else ""


def test_never_more_than_workers_at_once(learner, rng):
    """Of nine files by three workers never more than three are read or copied at once; no worker at all is an error."""
    contents = {f"pipe{number}": rng.randbytes(5000) for number in range(9)}
    # The pipes wait for nine readers, who shall not come, for a while; then they are written. So do the files.
    with learner.files() as files, files.fifos(contents, until=9, patience=1.2) as fifos:
        run = learner.call("checksum_all", [files.path(name) for name in contents], 3)
        found = results_of(run, [files.path(name) for name in contents])
    assert fifos.peak <= 3, (
        f"checksum_all of 9 pipes by 3 workers: {fifos.peak} were open at once{each_its_own(fifos.peak)}. A program may have so many open files and no "
        "more, and a disk serves a few readers best: `workers` threads, each of which opens one file at a time, keep to it."
    )
    for name, data in contents.items():
        assert_checksum(found[files.path(name)], data, "a pipe, out of which nothing came for more than a second")
    with learner.files() as files:
        target = files.make_folder("target")
        made = some_files(rng, files, [1000] * 9)
        with files.held(made, until=9, patience=1.0) as held:
            results_of(learner.call("copy_all", list(made), target, 3), made)
        assert held.peak <= 3, (
            f"copy_all of 9 files by 3 workers: {held.peak} were asked for at once{each_its_own(held.peak)}. `workers` threads, each of which opens one "
            "file at a time, keep to it."
        )
        for call in (("copy_all", [], target, 0), ("checksum_all", list(made), 0), ("checksum_all", [], 0)):
            learner.call(*call).raises("ValueError", "Nobody could do the work.")


def test_errors_are_values(learner, rng):
    """A missing file and a folder are told as their OSError, and all the others are done."""
    with learner.files() as files:
        target = files.make_folder("target")
        made = some_files(rng, files, [10, 5000, 20])
        bad = {
            files.path("missing"): "A file that is missing",
            files.make_folder("folder"): "A folder in the place of a file",
            f"{next(iter(made))}/inside": "A path that leads through a file, as if it were a folder",
        }
        missing = next(iter(bad))
        paths = [*made, *bad]
        rng.shuffle(paths)
        why = "Nothing should be raised here: for a path that can't be read the dict holds its OSError, as an object, and the others are done."
        run = learner.call("checksum_all", paths, 2)
        with explaining(why):
            run.raise_error()
        found = results_of(run, paths)
        for path, data in made.items():
            assert_checksum(found[path], data, "a file beside others that can't be read")
        for path, what in bad.items():
            assert_error(found[path], f"checksum_all, {what[0].lower()}{what[1:]}", missing if path == missing else "")
        run = learner.call("copy_all", paths, target, 2)
        with explaining(why):
            run.raise_error()
        found = results_of(run, paths)
        for path, data in made.items():
            assert_copy(files, found[path], Path(path).name, data)
        for path, what in bad.items():
            assert_error(found[path], f"copy_all, {what[0].lower()}{what[1:]}", missing if path == missing else "")
        names = sorted(Path(path).name for path in made)
        assert files.names("target") == names, (
            f"Of {len(bad)} sources there was nothing to copy; at the end target_dir should hold {names}, it holds {files.names('target')}. "
            "Who opens the target before the source leaves an empty file where the source is missing."
        )


FULL = MIB - 5000
"""Bytes that the disk takes of a file: no multiple of any usual piece."""


def test_no_part_of_a_file_under_its_final_name(learner, rng):
    """The disk is full in the middle of a copy: it is an OSError, there is no half file, and the others are there."""
    with learner.files() as files:
        target = files.make_folder("target")
        small = some_files(rng, files, [30_000, 40_000])
        # Of the second only the last few bytes find no room, which a buffer may keep until the file is closed.
        large = some_files(rng, files, [3 * MIB, FULL + 100], folder="large-")
        paths = [*large, *small]
        run = learner.probe("copy_all_on_a_full_disk", FULL, paths, target, 2)
        found = results_of(run, paths)
        for path, data in large.items():
            name = Path(path).name
            left = files.read(f"target/{name}")
            assert left is None, (
                f"The disk took no more than {FULL} bytes of {name}, which has {len(data)}, so its copy failed. In target_dir there is a file of its "
                f"name all the same, with {len(left)} bytes: whoever finds it takes it for a copy. {why_half(found[path], data)}"
            )
            assert_error(found[path], f"A copy that failed, since the disk took {FULL} of {len(data)} bytes")
        for source, data in small.items():
            assert_copy(files, found[source], Path(source).name, data)
        names = sorted(Path(source).name for source in small)
        assert files.names("target") == names, (
            f"Two of four copies failed; at the end target_dir should hold the other two, {names}. It holds {files.names('target')}: "
            "temporary files have to go when a copy fails."
        )
        assert_older_files(learner, files, paths)


def why_half(value, data):
    """How a part of a file may have come under its final name."""
    if isinstance(value, str):
        return "And the value is the path, as if it were whole: `os.write` returns how many bytes it took, which may be fewer than it was given."
    if len(data) < MIB:
        return (
            "Only its last bytes found no room. They may be in the file object's buffer until that is closed: rename when the file is closed, "
            "behind the `with`."
        )
    return "Write under another name, and give it the final one (`os.replace`) when all is there; or see that what failed is removed."


def assert_older_files(learner, files, paths):
    """Of older files of the same names, those whose copies fail are as they were; copies take the place of the others."""
    target = files.make_folder("older")
    failed, _, *copied = paths
    older = {Path(path).name: b"last week's " + Path(path).name.encode() for path in paths}
    older[Path(copied[0]).name] = bytes(len(files.read(Path(copied[0]).name)))  # of the same size
    for name, data in older.items():
        files.write(f"older/{name}", data)
    found = results_of(learner.probe("copy_all_on_a_full_disk", FULL, paths, target, 2), paths)
    for path in copied:
        assert files.read(f"older/{Path(path).name}") == files.read(Path(path).name), (
            f"target_dir held an older file of the name {Path(path).name}. {known(found[path])} was told of its copy, and the file there is not that copy: it should take the "
            "older one's place, whatever size and time that has."
        )
    name = Path(failed).name
    assert_error(
        found[failed], "A copy that failed in the middle, since the disk was full, where an older file of its name lay"
    )
    left = files.read(f"older/{name}")
    assert left == older[name], (
        f"target_dir held an older file of the name {name}, with {len(older[name])} bytes, and the new copy of it failed in the middle. Now "
        f"{'it is gone' if left is None else f'there are {len(left)} other bytes'}. Who copies to the final name has overwritten the older file before he knows whether the copy "
        "succeeds: write under another name in the same folder, and os.replace puts the whole file in its place."
    )


def harmless(names):
    """Those of `names`, which an answer's process told, that are names of files in a folder and no more."""
    return [
        name
        for name in names
        if isinstance(name, str) and re.fullmatch(r"[\w.~ -]{1,100}", name, re.ASCII) and name.strip(".")
    ]


def what_was_ready(told, what):
    """Whether the copies were complete when room was made for them, a sentence."""
    if what == "emptied":
        return ""
    ready = [name for name in told[what] if name in told["ready"]]
    if ready:
        return f"When {' and '.join(map(repr, ready))} {'were' if len(ready) > 1 else 'was'} {what}, a file as large as the source lay under another name in target_dir already. "
    return "At that moment no file as large as the source lay under another name in target_dir. "


OPENED = ', which is what `open(…, "wb")` does, and shutil.copyfile too'


def test_what_lies_there_stays(learner, rng):
    """An older file is there until its copy takes its place, and files of other names are as they were."""
    with learner.files() as files:
        made = some_files(rng, files, [70_000, 10])
        for folder in ("older", "target"):
            files.make_folder(folder)
        for path in made:
            files.write(f"older/{Path(path).name}", b"last week's")
        told = learner.probe("names_used", list(made), files.path("older"), 1).value
        for what in ("removed", "renamed", "emptied"):
            assert told[what] == [], (
                f"target_dir held older files of the names {', '.join(map(repr, told[what]))}. They were {what} before the copies were there{OPENED if what == 'emptied' else ''}, so "
                f"for a moment there was neither, and if the program ends then, so it stays. {what_was_ready(told, what)}`os.replace(unfinished, final)` puts the one in the place of the other in one "
                "step, and needs nobody to make room."
            )
        assert told["brought"] == [], (
            f"The copies were made elsewhere, in {', '.join(map(repr, told['brought']))}, and then moved to target_dir. Another folder may be on another disk: from there os.replace "
            "can't move a file, and shutil.move copies it to its final name, where half of it lies if that fails. Make what is unfinished in target_dir."
        )
        names = harmless(told["made"])
        for name in names:
            files.write(f"target/{name}", f"somebody's {name}", mode=0o666)
        found = results_of(learner.call("copy_all", list(made), files.path("target"), 1), made)
        for name in names:
            left = files.read(f"target/{name}")
            assert left == f"somebody's {name}".encode(), (
                f"For a while copy_all had {name} in target_dir. So in another call a file of that name lay there already, somebody's. Now "
                f"{'it is gone' if left is None else f'it has {len(left)} other bytes'}; the values are {', '.join(map(known, found.values()))}. A name made of the "
                "source's, or always the same one, may be that of a file, or of what another worker copies: let `tempfile` make one in target_dir that nobody has. And remove at the end only what is yours, not all of "
                "a kind."
            )


def growth(learner, name, small, large, more):
    """The run of `name` for the large file, and by how many MiB the program grows."""
    rest = learner.call(name, [small], *more, 2)
    run = learner.call(name, [large], *more, 2)
    return run, (run.peak_memory - rest.peak_memory) // MIB


def the_other(learner, name, small, large, target):
    """By how much the program grows in copy_all, where checksum_all took too much, a sentence."""
    if name != "checksum_all":
        return ""
    with learner.aside(), contextlib.suppress(LearnerFault):
        run, grown = growth(learner, "copy_all", small, large, (target,))
        run.raise_error()
        return f"In copy_all of it the program grew by {grown} MiB. "
    return ""


def test_memory_stays_small(learner, rng):
    """For a file of 128 MiB the program grows by less than 32 MiB."""
    with learner.files() as files:
        target = files.make_folder("target")
        small = files.write("small.bin", rng.randbytes(1000))
        large = files.write("large.bin", rng.randbytes(MIB), size=128 * MIB)
        expected = files.digest("large.bin")
        for name, more in (("checksum_all", ()), ("copy_all", (target,))):
            run, grown = growth(learner, name, small, large, more)
            guess = (
                "That is all of it: `read()` without a number, `read_bytes` and `readlines` bring it into memory, and what is mapped into memory (mmap) counts, too. Take the "
                "file in pieces."
                if grown >= 120
                else "That is not all of it: the pieces are too large, or too many of them are kept. 64 KiB or 1 MiB do as well."
            )
            assert grown < 32, (
                f"{name} of a file of 128 MiB: the program grew by {grown} MiB, which should be less than 32. {the_other(learner, name, small, large, target)}{guess}"
            )
            value = results_of(run, [large])[large]
            seen = value if name == "checksum_all" else files.digest("target/large.bin")
            assert seen == expected, (
                f"{name} of a file of 128 MiB: the result is not that of its bytes; the value is {known(value)}."
            )
