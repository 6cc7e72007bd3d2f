"""Tier C, a new Python for each call: it works where there is nothing of Linux to lean on, and so here too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import wire
from grader.sandbox.cold import ColdStarter
from tests.leftovers import gone
from tests.sandbox.lab import Lab


@pytest.fixture
def cold(short: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Processes that are started from nothing."""
    base = short / str(abs(hash(request.node.name)))
    base.mkdir()
    yield Lab(ColdStarter("real"), base)
    for thread in threading.enumerate():
        if thread.name.startswith("cold-"):
            thread.join(5)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("cold-")]


def test_a_call_returns_its_value(cold: Lab) -> None:
    assert cold.call("doubled", 21) == 42


@pytest.mark.parametrize("method", ["spawn", *(["fork", "forkserver"] if hasattr(os, "fork") else [])])
def test_pools_of_processes_work(cold: Lab, method: str) -> None:
    assert cold.call("work_with", method) == [2, 4, 6]


def test_what_it_prints_comes_out_and_is_no_part_of_the_protocol(cold: Lab) -> None:
    seen = cold.see("speak", "hello", 7)
    assert seen.out.text == "hello\nhello\n"
    assert seen.err.text == "hello\n"
    assert seen.reply is not None
    assert wire.decode(seen.reply["value"]) == 7


def test_the_environment_holds_nothing_of_ours(cold: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_TEST_TOKEN", "secret")
    told = cold.call("environment")
    assert "GRADER_TEST_TOKEN" not in told
    assert told["TMPDIR"].startswith(str(cold.base))


def test_one_can_see_what_it_and_its_children_have_open(cold: Lab) -> None:
    known = (cold.base / "watched").resolve()
    known.write_text("x", encoding="utf-8")
    child = cold.start()
    assert child.opened(known.stat()) == 0
    call = threading.Thread(target=cold.follow, args=(child, "hold_open", str(known), 60), kwargs={"limit": 60})
    call.start()
    seen = eventually(lambda: child.opened(known.stat()) == 2)
    child.kill("enough")
    call.join()
    assert seen


def eventually(holds: Callable[[], bool], limit: float = 20.0) -> bool:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_standard_input_is_empty(cold: Lab) -> None:
    assert cold.call("standard_input") == ""


def test_a_hang_is_ended_and_shows_where_its_threads_stood(cold: Lab) -> None:
    seen = cold.see("hang", limit=0.3)
    assert seen.timed_out
    assert seen.report.exit is not None
    assert seen.report.exit < 0
    assert " in hang" in seen.err.text


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_what_swallows_every_exception_is_ended_all_the_same(cold: Lab) -> None:
    assert cold.see("hang_and_swallow", limit=0.3).report.exit == -signal.SIGKILL


def test_a_flood_of_output_is_ended_though_nobody_reads_all_of_it(cold: Lab) -> None:
    seen = cold.see("flood")
    assert seen.fault == "it printed more than 1 MiB"


def test_a_program_left_behind_is_ended_and_named(cold: Lab) -> None:
    seen = cold.see("leave_a_program", 60)
    assert seen.reply is not None
    pid = wire.decode(seen.reply["value"])
    assert seen.report.leftovers == (f"process {pid}",)
    assert gone([pid])


def test_cpu_time_is_told(cold: Lab) -> None:
    assert cold.see("burn", 0.3).report.cpu == pytest.approx(0.3, abs=0.25)


def test_its_end_is_told_as_the_system_tells_it(cold: Lab) -> None:
    assert cold.see("leave", 7).report.exit == 7


def test_it_takes_no_file_of_the_answers_for_one_of_the_standard_library(short: Path) -> None:
    """A `threading.py` beside the answer would be imported by the grader's own code, were the folder on the path."""
    base = short / "shadow"
    base.mkdir()
    cold = Lab(ColdStarter("real"), base, {"threading.py": "raise SystemExit(9)", "sitecustomize.py": "1/0"})
    assert cold.call("start_threads", 2) == 2


def test_when_the_judge_has_gone_it_ends(short: Path) -> None:
    """Its channel is what it hears that by; a hang in the answer is another matter, and why this is tier C."""
    base = short / "orphan"
    base.mkdir()
    code = f"""if True:
        import os, sys
        from pathlib import Path
        from grader.sandbox.cold import ColdStarter
        from tests.sandbox.lab import Lab
        child = Lab(ColdStarter("real"), Path({str(base)!r})).start()
        print(child._process.pid, flush=True)
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, check=False
    )
    assert gone([int(done.stdout)], seconds=30)  # it may have to import everything first
