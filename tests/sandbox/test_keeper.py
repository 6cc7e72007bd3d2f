"""The keeper: what it measures, what it ends and why, and that nothing of a learner's process outlives its end."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import wire
from grader.judge.exchange import Exchange
from grader.judge.folders import remove
from grader.judge.run import computing_together, overlapping
from grader.sandbox import guards, processes, storage
from grader.sandbox.launch import Child, Limits, Starter
from tests.leftovers import gone
from tests.sandbox.lab import ANSWER, Lab

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the keeper is Linux's")


def value(seen: Exchange) -> Any:
    assert seen.reply is not None, (seen.fault, seen.report, seen.err.text)
    return wire.decode(seen.reply["value"])


# --- measuring


def test_cpu_time_is_told_apart_between_the_process_and_its_children(lab: Lab) -> None:
    report = lab.see("burn_here_and_in_a_child", 0.1, 0.3).report
    assert report.cpu == pytest.approx(0.1, abs=0.05)
    assert report.cpu_children == pytest.approx(0.3, abs=0.05)


def test_cpu_time_of_processes_that_nobody_waited_for_counts(lab: Lab) -> None:
    report = lab.see("burn_in_a_detached_child", 0.3).report
    assert report.cpu == pytest.approx(0.0, abs=0.05)
    assert report.cpu_children == pytest.approx(0.3, abs=0.05)


def test_cpu_time_of_children_that_the_kernel_reaped_counts(lab: Lab) -> None:
    """With SIGCHLD ignored a parent is told nothing; what was last seen of the child stands in."""
    report = lab.see("burn_in_a_child_that_is_ignored", 0.6).report
    assert 0.3 < report.cpu_children < 0.7


def test_the_kernel_says_who_printed_a_line(lab: Lab) -> None:
    seen = lab.see("print_by_many")
    by = {text: pid for text, _, pid in seen.out.lines}
    assert by == value(seen)
    assert {by["fork"], by["spawned"]} <= {child.pid for child in seen.report.processes}


def test_nobody_prints_in_the_name_of_another_nor_hands_files_to_its_judge(lab: Lab) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    told, writer = value(seen := lab.see("print_as_another"))
    assert told == ["EPERM", "sent"]
    assert [(text, pid) for text, _, pid in seen.out.lines] == [("another", writer)]
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_children_of_a_millisecond_are_all_seen(lab: Lab) -> None:
    """Each makes itself known when it is forked; the kernel says who it is."""
    seen = lab.see("fork_in_turn", 20)
    assert {child.pid for child in seen.report.processes} == set(value(seen))
    assert {child.kind for child in seen.report.processes} == {"child"}


def test_a_child_that_is_forked_last_is_seen_too(lab: Lab) -> None:
    """It may come to run when its parent has ended already."""
    seen = lab.see("fork_and_leave", 5)
    assert {child.pid for child in seen.report.processes} == set(value(seen))


def test_who_talks_for_itself_is_no_child(lab: Lab) -> None:
    assert lab.see("send_on_every_socket", 3).report.processes == ()


def test_the_helpers_of_multiprocessing_are_told_from_workers(lab: Lab) -> None:
    kinds = [seen.kind for seen in lab.see("work_with", "forkserver", 0.3).report.processes]
    assert kinds.count("helper") == 2  # the resource tracker and the fork server
    assert kinds.count("child") == 2


def test_the_most_threads_and_processes_at_once_are_counted(lab: Lab) -> None:
    peaks = lab.see("share_memory", 1, 3).report.peaks
    assert peaks["processes"] == 4
    assert peaks["threads"] == 1


def test_the_most_memory_of_each_process_is_told(lab: Lab) -> None:
    """Also what was let go of before its end."""
    rest, big = (lab.see("hold_memory", *sizes).report for sizes in ((0, 0), (40, 80)))
    assert big.peaks["own_memory"] - rest.peaks["own_memory"] == pytest.approx(40 * 2**20, abs=15 * 2**20)
    (small_child,), (big_child,) = rest.processes, big.processes
    assert big_child.memory - small_child.memory == pytest.approx(80 * 2**20, abs=15 * 2**20)


def test_processes_that_compute_at_the_same_time_are_told_from_those_that_take_turns(lab: Lab) -> None:
    together, in_turn = (lab.see("burn_in_two", 0.4, how).report.processes for how in ("together", "in turn"))
    assert len(together) == len(in_turn) == 2
    assert computing_together(list(together))
    assert overlapping(list(in_turn))
    assert not computing_together(list(in_turn))


def test_the_end_of_a_process_is_told_as_the_kernel_tells_it(lab: Lab) -> None:
    assert lab.see("leave", 7).report.exit == 7
    assert lab.see("end_by_signal", int(signal.SIGSEGV)).report.exit == -signal.SIGSEGV


# --- what is left behind


def test_what_was_detached_is_ended_and_named(lab: Lab) -> None:
    """Two forks and a session of its own: only a subreaper finds it."""
    seen = lab.see("detach", 60)
    pids = value(seen)
    assert gone(pids)
    assert [left.split(":")[0] for left in seen.report.leftovers] == [f"process {pid}" for pid in sorted(pids)]


def test_a_fork_that_is_left_behind_prints_where_it_stands(lab: Lab) -> None:
    """One after the other, so that nobody's stack is cut up by another's."""
    seen = lab.see("detach", 60)
    stacks = seen.err.text.split("Fatal Python error: Aborted")[1:]
    assert len(stacks) == seen.report.asked == len(seen.report.leftovers) == len(value(seen))
    assert all(" in detach" in stack for stack in stacks)


def test_a_program_left_behind_is_named_by_its_command_line(lab: Lab) -> None:
    seen = lab.see("detach_another_program", 60)
    (told,) = seen.report.leftovers
    assert told.startswith(f"process {value(seen)}: ")
    assert told.endswith("told-by-this")


def test_names_that_take_much_room_do_not_hide_what_is_left(lab: Lab) -> None:
    report = lab.see("leave_loud_processes", 105).report
    assert report.exit == 0
    assert len(report.leftovers) == 100


def test_a_keeper_that_is_sent_open_files_goes_on_looking(short: Path) -> None:
    """They would use up what it may have open itself, and then it could not read of any process."""
    few, most = 128, resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most[1]))
    try:
        starter = Starter("real")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    base = short / "few"
    base.mkdir()
    with contextlib.closing(starter):
        seen = Lab(starter, base).see("send_files_on_every_socket", few, limits=Limits(files=few))
    assert seen.report.leftovers == (f"process {value(seen)}: /bin/sleep 60",)


def test_what_ends_by_itself_in_time_was_not_left_behind(lab: Lab) -> None:
    assert lab.see("detach", 0.05).report.leftovers == ()


def test_processes_that_start_others_for_ever_are_all_ended(lab: Lab) -> None:
    seen = lab.see("spawn_for_ever", 3)
    assert seen.report.exit == 0
    assert not [process for process in psutil.process_iter(["cwd"]) if _is_below(process, lab.base)]


def test_processes_that_have_ended_take_no_number_of_the_machines(lab: Lab) -> None:
    """Whose parents have gone: else there would be as many as were ever started, till the very end."""
    seen = lab.see("spawn_in_turn", 2, 400, limit=60)
    assert value(seen) == 800
    assert seen.report.peaks["processes"] < 300


def _is_below(process: psutil.Process, folder: Path) -> bool:
    """Tell whether it works below `folder`, which has another place before it where the root folder is its own."""
    return f"{folder}/" in str(process.info["cwd"] or "")


# --- ending


def test_a_hang_is_ended_and_shows_where_its_threads_stood(lab: Lab) -> None:
    seen = lab.see("hang", limit=0.3)
    assert seen.timed_out
    assert seen.report.exit == -signal.SIGABRT
    assert "tries.py" in seen.err.text
    assert " in hang" in seen.err.text


def test_what_swallows_every_signal_and_exception_is_ended_all_the_same(lab: Lab) -> None:
    seen = lab.see("hang_and_swallow", limit=0.3)
    assert seen.timed_out
    assert seen.report.exit == -signal.SIGKILL


def test_a_process_that_stops_itself_is_ended_long_before_the_limit(lab: Lab) -> None:
    began = time.monotonic()
    seen = lab.see("stop_itself", limit=60)
    assert seen.fault == "it stopped itself (SIGSTOP) and nobody woke it"
    assert time.monotonic() - began < 30


def test_too_much_memory_ends_the_process(lab: Lab) -> None:
    seen = lab.see("take_memory", 2000, limits=Limits(memory=120 * 2**20))
    assert seen.fault == "it used more than 120 MiB of memory"
    assert seen.report.peaks["memory"] < 400 * 2**20


@pytest.mark.parametrize(
    "mebibytes, files, why",
    [(300, 0, "more than 200 MiB of memory"), (0, 60, "more than 50 MiB in files"), (1, 1, "first thread had ended")],
)
def test_a_process_is_seen_when_its_first_thread_has_ended(lab: Lab, mebibytes: int, files: int, why: str) -> None:
    limits = Limits(memory=200 * 2**20, disk=50 * 2**20)
    assert why in lab.see("hold_without_first_thread", mebibytes, files, 10.0, limits=limits).report.killed


def test_page_tables_are_memory_too(lab: Lab) -> None:
    """4 KiB for each 2 MiB that is looked at, though there is nothing."""
    limits = Limits(memory=150 * 2**20)
    seen = lab.see("look_at_nothing", 8, 12, 30.0, limits=limits)
    assert seen.fault == "it used more than 150 MiB of memory"
    assert value(lab.see("look_at_nothing", 8, 3, 0.2, limits=limits)) == 3


def test_what_is_left_for_a_moment_is_held_to_the_limits_too(lab: Lab) -> None:
    seen = lab.see("leave_a_hungry_helper", 400, limits=Limits(memory=200 * 2**20))
    assert gone([value(seen)])
    assert seen.report.killed == "it used more than 200 MiB of memory"


def test_memory_below_the_limit_ends_nobody(lab: Lab) -> None:
    assert value(lab.see("take_memory", 200, limits=Limits(memory=500 * 2**20))) == 200


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(lab: Lab) -> None:
    limits = Limits(file_size=12_345)
    assert lab.call("write_so_much", 12_345, limits=limits) == "done"
    assert lab.call("write_so_much", 12_346, limits=limits) == "EFBIG"


def test_as_many_files_may_be_open_as_the_limit_says_and_no_more(lab: Lab) -> None:
    """The first has number 0."""
    assert lab.call("open_till_refused", limits=Limits(files=99)) == (98, "EMFILE")


@pytest.mark.parametrize("how", ["by name", "deep", "removed", "in memory", "mapped", "shared"])
def test_too_much_in_files_ends_the_process(lab: Lab, how: str) -> None:
    """Whether they have a name or not, and one that is open or not."""
    limits = Limits(disk=30 * 2**20)
    seen = lab.see("keep_files", how, 40, 30.0, limits=limits)
    assert seen.fault == "it kept more than 30 MiB in files and shared memory"
    assert value(lab.see("keep_files", how, 28, 0.6, limits=limits)) == 28


def test_too_many_files_end_the_process(lab: Lab) -> None:
    limits = Limits(entries=500)
    assert lab.see("make_files", 600, 30.0, limits=limits).fault == "it made more than 500 files"
    assert value(lab.see("make_files", 400, 0.6, limits=limits)) == 400


def test_files_that_are_open_too_often_end_the_process(lab: Lab) -> None:
    """Else there would be more than anybody can look at, and large ones among them."""
    limits = Limits(entries=500)
    assert lab.see("open_again", 600, 30.0, limits=limits).fault == "it had more than 500 files open at once"
    assert value(lab.see("open_again", 400, 0.6, limits=limits)) == 400


def test_files_that_are_sent_and_never_taken_end_the_process(lab: Lab) -> None:
    """The kernel lets all processes of a user have so many on their way: they cost a neighbour its fork server."""
    seen = lab.see("send_and_never_take", 1050, 30.0)
    assert seen.fault == "it sent more than 1000 open files through sockets that nobody took out"
    assert value(lab.see("send_and_never_take", 950, 0.6)) == 950


def test_epolls_that_watch_too_much_end_the_process(lab: Lab) -> None:
    """As many files may be watched by all processes of a user as the machine's memory allows."""
    limits = Limits(watched=2000)
    assert lab.see("watch", 100, 25, 30.0, limits=limits).fault == "it watched more than 2000 files (epoll)"
    assert value(lab.see("watch", 100, 15, 0.6, limits=limits)) == 1500


def test_too_many_mappings_end_the_process(lab: Lab) -> None:
    """The kernel's memory for them is no process's."""
    limits = Limits(mappings=10_000)
    assert lab.see("map_often", 3000, 4, 30.0, limits=limits).fault == "it had more than 10000 pieces of memory mapped"
    assert value(lab.see("map_often", 3000, 2, 0.6, limits=limits)) == 6000


def test_who_has_much_to_be_looked_at_is_held_to_its_memory_meanwhile(lab: Lab) -> None:
    """All these mappings take longer to look at than the memory to fill."""
    limits = Limits(memory=300 * 2**20, mappings=10**9)
    seen = lab.see("map_often_and_take_memory", 60_000, 10, 3000, limits=limits)
    assert seen.fault == "it used more than 300 MiB of memory"
    assert seen.report.peaks["memory"] < 1000 * 2**20


def test_memory_that_forks_share_is_counted_once(lab: Lab) -> None:
    """A list of 50 MiB that eight workers only look at is 50 MiB, not 450."""
    seen = lab.see("share_memory", 50, 8, limits=Limits(memory=200 * 2**20))
    assert value(seen) == 50 * 2**20
    assert seen.report.peaks["memory"] > 200 * 2**20


def test_many_threads_are_no_fault(lab: Lab) -> None:
    assert value(lab.see("start_threads", 400)) == 400


def test_too_many_threads_end_the_process(lab: Lab) -> None:
    seen = lab.see("hold_threads", 60, limits=Limits(processes=40))
    assert seen.fault == "it had more than 40 processes and threads"


def test_a_fork_bomb_is_ended_with_all_its_children(lab: Lab) -> None:
    seen = lab.see("bomb", 200, limits=Limits(processes=30))
    assert seen.fault == "it had more than 30 processes and threads"
    assert not [process for process in psutil.process_iter(["cwd"]) if _is_below(process, lab.base)]


def test_cpu_time_beyond_the_limit_ends_the_process(lab: Lab) -> None:
    assert lab.see("burn", 30.0, limits=Limits(cpu=1)).report.exit == -signal.SIGXCPU
    assert lab.see("burn", 0.7, limits=Limits(cpu=1)).report.exit == 0


# --- when somebody else is killed


@contextlib.contextmanager
def family(lab: Lab, child: Child) -> Iterator[list[int]]:
    """The pids of a learner's process in a hang, of its keeper before it, and of its detached children after it."""
    child.send(wire.pack({"run": lab.task("hang_with_a_family", 2)}))
    text = b""
    while b"ready" not in text:
        for source, data, _ in child.receive(10.0):
            assert data, "it ended"
            text += data if source == "out" else b""
            if source == "channel":
                child.send(wire.pack({"go": True}))
    own = [process for process in psutil.process_iter(["cwd"]) if _is_below(process, lab.base)]
    learner = next(
        process for process in own if process.ppid() not in {other.pid for other in own} and _is_fork(process)
    )
    yield [learner.ppid(), learner.pid, *(process.pid for process in own if process.pid != learner.pid)]


def _is_fork(process: psutil.Process) -> bool:
    return "grader.sandbox.starter" in " ".join(process.cmdline())


def test_when_the_judge_has_gone_everything_ends(lab: Lab) -> None:
    """The end of the keeper's socket is all that it hears of that."""
    child = lab.start()
    with family(lab, child) as pids:
        assert len(pids) == 4
        child.close()
        assert gone(pids)


def test_when_the_keeper_is_killed_everything_ends_and_the_run_says_so(lab: Lab) -> None:
    child = lab.start()
    with family(lab, child) as pids:
        os.kill(pids[0], signal.SIGKILL)
        assert gone(pids)
        assert child.wait(1.0).killed == "its keeper was killed"
    child.close()


def test_when_the_starter_is_killed_everything_ends_and_the_next_call_has_another(short: Path) -> None:
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)  # orphans come to us, and not to whom the system likes
    base = short / "killed"
    base.mkdir()
    with contextlib.closing(Starter("real")) as starter:
        lab = Lab(starter, base)
        child = lab.start()
        with family(lab, child) as pids:
            starter._process.kill()
            child.close()
            assert gone(pids)
        assert lab.call("doubled", 4) == 8


@pytest.fixture
def own(short: Path) -> Iterator[tuple[Lab, int]]:
    """A starter that nobody else uses, and its pid."""
    base = short / "own"
    base.mkdir(exist_ok=True)
    with contextlib.closing(Starter("real")) as starter, tempfile.TemporaryDirectory(dir=base) as folder:
        yield Lab(starter, Path(folder)), starter._process.pid


def test_a_keeper_keeps_one_process_after_the_other_and_holds_on_to_nothing(own: tuple[Lab, int]) -> None:
    lab, starter = own
    lab.call("doubled", 4)
    keepers = processes.children(starter)
    assert len(keepers) == 1
    few = 64
    resource.prlimit(keepers[0], resource.RLIMIT_NOFILE, (few, few))
    for number in range(2 * few):
        assert lab.call("doubled", number) == 2 * number
    assert processes.children(starter) == keepers


def test_what_a_keeper_learns_of_one_process_is_not_in_the_memory_of_the_next(own: tuple[Lab, int]) -> None:
    lab, starter = own
    seen = lab.see("leave_a_named_program", "a-word-of-the-first")
    assert "a-word-of-the-first" in str(seen.report.leftovers)
    keepers = processes.children(starter)
    told, never_told = lab.call("count_in_memory", ["tsrif-eht-fo-drow-a", "dnoces-eht-fo-drow-a"])
    assert processes.children(starter) == keepers
    assert told <= never_told, "each is there once, to be looked for"


def test_processes_at_once_have_a_keeper_each(own: tuple[Lab, int]) -> None:
    lab, starter = own
    with contextlib.ExitStack() as stack:
        for child in (lab.start(), lab.start()):
            stack.callback(child.close)
        assert len(processes.children(starter)) == 2
        assert lab.call("doubled", 4) == 8
        assert len(processes.children(starter)) == 3


def test_a_keeper_that_has_nothing_to_do_goes(own: tuple[Lab, int]) -> None:
    lab, starter = own
    lab.call("doubled", 4)
    assert gone(processes.children(starter))
    assert lab.call("doubled", 5) == 10


def test_in_place_of_a_keeper_that_was_killed_while_it_was_free_comes_another(own: tuple[Lab, int]) -> None:
    lab, starter = own
    lab.call("doubled", 4)
    (keeper,) = processes.children(starter)
    os.kill(keeper, signal.SIGKILL)
    assert lab.call("doubled", 5) == 10
    assert gone([keeper])


def test_a_look_that_is_not_over_lets_go_of_the_folders_that_it_has_open(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):  # so deep that no call takes its path
        os.mkdir("d" * 100, dir_fd=here)
        deeper = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    before = psutil.Process().num_fds()
    look = storage.Look([str(tmp_path)], [], None)
    while psutil.Process().num_fds() < before + 3:
        assert not look.go_on(0.0), "it has ended before"
    look.close()
    assert psutil.Process().num_fds() == before
    remove(tmp_path)


def test_a_call_is_seen_to_its_end_though_the_starter_is_killed(own: tuple[Lab, int]) -> None:
    lab, starter = own
    child = lab.start()
    os.kill(starter, signal.SIGKILL)
    assert gone([starter])
    seen = lab.follow(child, "doubled", 4)
    assert (value(seen), seen.report.exit, seen.report.killed) == (8, 0, "")


def test_a_starter_ends_with_the_process_that_owns_it() -> None:
    code = "from grader.sandbox.launch import Starter; print(Starter('real')._process.pid, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ANSWER.parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
        assert gone([pid])
