"""What the lessons and hints of katas 11 to 17 say about Python beside their blocks, as in `test_claims`."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
import textwrap
import threading
import time
import types
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(words, env=kept, capture_output=True, text=True, timeout=60, check=False)


# --- 11


def test_what_runs_can_not_be_cancelled_and_what_waits_in_the_queue_can() -> None:
    gate = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        running, queued = pool.submit(gate.wait), pool.submit(int)
        while not running.running():
            time.sleep(0.001)
        assert not running.cancel()
        assert queued.cancel()
        gate.set()


def test_the_timeout_of_as_completed_is_for_the_whole_loop_and_comes_out_of_the_for() -> None:
    gate = threading.Event()
    with ThreadPoolExecutor(max_workers=2) as pool:
        futures: list[Future[object]] = [pool.submit(int), pool.submit(gate.wait)]
        futures[0].result()
        done = as_completed(futures, timeout=0.1)
        assert next(done) is futures[0]
        with pytest.raises(TimeoutError):
            next(done)
        gate.set()


def test_a_pool_that_is_shut_down_without_waiting_takes_no_more_and_does_what_it_has() -> None:
    gate = threading.Event()
    pool = ThreadPoolExecutor(max_workers=1)
    running, queued = pool.submit(gate.wait), pool.submit(int, "7")
    pool.shutdown(wait=False)
    with pytest.raises(RuntimeError):
        pool.submit(int)
    gate.set()
    assert running.result() is True
    assert queued.result() == 7


def test_the_end_of_the_program_waits_for_the_threads_of_a_pool() -> None:
    done = python(
        """
        import time
        from concurrent.futures import ThreadPoolExecutor

        def job():
            time.sleep(0.2)
            print("the job is done")

        pool = ThreadPoolExecutor()
        pool.submit(job)
        pool.shutdown(wait=False)
        print("the last line")
        """
    )
    assert done.stdout == "the last line\nthe job is done\n"


# --- 12


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BaseException | None, int]]:
    """What `threading.excepthook` was told, and in which thread."""
    seen: list[tuple[BaseException | None, int]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append((args.exc_value, threading.get_ident())))
    return seen


@pytest.mark.parametrize("error", [KeyError("lost"), SystemExit(3)])
def test_the_hook_is_called_in_the_thread_that_dies_for_a_system_exit_too(
    error: BaseException, hooked: list[tuple[BaseException | None, int]]
) -> None:
    idents = []

    def die() -> None:
        idents.append(threading.get_ident())
        raise error

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    assert hooked == [(error, idents[0])]


def test_the_usual_hook_writes_to_stderr_and_says_nothing_of_a_system_exit() -> None:
    program = "import threading\ndef die(): raise {}\nt = threading.Thread(target=die); t.start(); t.join()"
    assert "KeyError: 'lost'" in python(program.format("KeyError('lost')")).stderr
    quiet = python(program.format("SystemExit(3)"))
    assert (quiet.returncode, quiet.stderr) == (0, "")


def test_a_future_raises_the_system_exit_of_its_task() -> None:
    def leave() -> None:
        raise SystemExit(3)

    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(leave)
    with pytest.raises(SystemExit):
        future.result()


# --- 16

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="not set")


def test_a_new_thread_begins_with_an_empty_context_and_a_task_with_a_copy() -> None:
    seen = []

    async def look() -> str:
        return variable.get()

    async def main() -> str:
        return await asyncio.create_task(look())

    def inside() -> None:
        variable.set("set")
        thread = threading.Thread(target=lambda: seen.append(variable.get()))
        thread.start()
        thread.join()
        seen.append(asyncio.run(main()))

    contextvars.copy_context().run(inside)
    inherits = bool(getattr(sys.flags, "thread_inherit_context", False))  # 3.14 and later
    assert seen == ["set" if inherits else "not set", "set"]


def test_to_thread_copies_the_context_when_its_coroutine_begins_to_run() -> None:
    async def main() -> list[str]:
        calls = []
        for name in ("first", "second"):
            variable.set(name)
            calls.append(asyncio.to_thread(variable.get))
        return await asyncio.gather(*calls)

    assert asyncio.run(main()) == ["second", "second"]


# --- 17


def reference() -> Any:
    """The reference of kata 17, as a module."""
    path = ROOT / "solutions" / "17_dry_run" / "dry_run.py"
    module = types.ModuleType("dry_run")
    sys.modules["dry_run"] = module  # dataclasses look their module up
    try:
        exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own answer
    finally:
        del sys.modules["dry_run"]
    return module


def task(name: str, begin: int) -> list[tuple[int, str, str]]:
    """The events of a task of kata 01 with a delay of 2 s, that begins at that second."""
    events = [(begin, name, "start"), (begin, name, "wait")]
    for turn in range(1, 6):
        at = begin + 2 * turn
        events += [(at, name, "print"), (at, name, "wait" if turn < 5 else "end")]
    return events


@pytest.mark.parametrize("letters_begin", [0, 10])
def test_the_pictures_of_the_lesson_are_those_that_the_reference_draws(letters_begin: int) -> None:
    answer = reference()
    events = sorted(task("numbers", 0) + task("letters", letters_begin), key=lambda event: event[0])
    drawn = answer.draw(answer.timeline([answer.Event(*event) for event in events]), 40)
    lesson = (ROOT / "exercises" / "17_dry_run" / "README.md").read_text(encoding="utf-8")
    assert f"\n{drawn}\n" in lesson
