"""What the lessons 02, 04, 05 and 08 say beside their blocks of code, a test for each sentence that could be wrong."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.lessons.test_claims import python

HAS_FORK = "fork" in multiprocessing.get_all_start_methods()
needs_fork = pytest.mark.skipif(not HAS_FORK, reason="there is no fork on this system")

LARGE = 1_000_000
"""More bytes than a pipe holds."""


# --- 02


def test_a_queue_of_threads_cannot_be_sent() -> None:
    with pytest.raises(TypeError, match="lock"):
        pickle.dumps(queue.Queue())


@needs_fork
def test_under_fork_a_child_fills_its_own_copy_of_a_queue_of_threads(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing, queue
        plain = queue.Queue()
        child = multiprocessing.get_context("fork").Process(target=plain.put, args=(1,))
        child.start()
        child.join()
        print(child.exitcode, plain.empty())
        """,
        folder=tmp_path,
    )
    assert done.stdout == "0 True\n"


@pytest.mark.parametrize("size, ends", [(10, True), (LARGE, False)])
def test_join_before_get_waits_for_ever_only_if_the_message_is_large(size: int, *, ends: bool) -> None:
    channel: multiprocessing.Queue[str] = multiprocessing.get_context("spawn").Queue()
    child = multiprocessing.get_context("spawn").Process(target=channel.put, args=("x" * size,), daemon=True)
    child.start()
    child.join(60 if ends else 1.5)
    assert (child.exitcode is not None) == ends
    assert len(channel.get(timeout=60)) == size
    child.join(60)  # after the get it ends in both cases
    assert child.exitcode == 0


# --- 04


def test_who_leaves_in_a_thread_ends_that_thread_without_a_word(tmp_path: Path) -> None:
    done = python(
        """
        import sys, threading
        thread = threading.Thread(target=sys.exit, args=(3,))
        thread.start()
        thread.join()
        print("the main thread goes on")
        """,
        folder=tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "the main thread goes on\n", "")


def test_a_pool_of_multiprocessing_waits_for_a_worker_that_has_died() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        lost = pool.apply_async(os._exit, (0,))
        assert pool.apply(abs, (-1,)) == 1  # another worker has taken its place,
        with pytest.raises(multiprocessing.TimeoutError):
            lost.get(timeout=1)  # and nobody knows of its task


def test_a_broken_pool_stays_broken() -> None:
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(BrokenProcessPool):
            pool.submit(os._exit, 0).result()
        with pytest.raises(BrokenProcessPool):
            pool.submit(abs, -1)


def test_a_pipe_ends_when_the_last_holder_of_its_sending_end_has_gone() -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=print, args=("", sender), kwargs={"end": ""})
    child.start()
    child.join()
    assert not receiver.poll(0)  # we hold one still
    sender.close()
    with pytest.raises(EOFError):
        receiver.recv()


def test_put_raises_nothing_for_what_cannot_be_pickled(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing, threading
        if __name__ == "__main__":
            channel = multiprocessing.Queue()
            channel.put(threading.Lock())
            channel.close()
            channel.join_thread()
            print("put has not raised")
        """,
        folder=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "put has not raised\n")
    assert "TypeError" in done.stderr


# --- 05


def test_every_third_number_leaves_none_out_and_makes_three_parts_of_two() -> None:
    assert [list(range(2))[place::3] for place in range(3)] == [[0], [1], []]
    assert {number for place in range(3) for number in range(10)[place::3]} == set(range(10))


def test_a_program_whose_pipe_is_full_is_waited_for_in_vain() -> None:
    command = [sys.executable, "-c", f"print('x' * {LARGE})"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        out, _ = process.communicate()
        assert len(out) > LARGE


# --- 08


@needs_fork
def test_a_forked_child_has_the_forking_thread_only_and_locks_that_others_held(tmp_path: Path) -> None:
    done = python(
        """
        import os, threading, warnings
        warnings.simplefilter("ignore")
        lock, done = threading.Lock(), threading.Event()

        def hold():
            with lock:
                held.set()
                done.wait()

        held = threading.Event()
        threading.Thread(target=hold).start()
        held.wait()
        if os.fork() == 0:
            print(threading.active_count(), lock.acquire(timeout=0.3), flush=True)
            os._exit(0)
        os.wait()
        done.set()
        """,
        folder=tmp_path,
    )
    assert done.stdout == "1 False\n"


@needs_fork
@pytest.mark.parametrize("threads", [0, 1])
def test_python_warns_of_a_fork_beside_threads_from_3_12_on(threads: int, tmp_path: Path) -> None:
    done = python(
        f"""
        import os, threading
        done = threading.Event()
        for _ in range({threads}):
            threading.Thread(target=done.wait).start()
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        done.set()
        """,
        folder=tmp_path,
    )
    assert ("DeprecationWarning" in done.stderr) == (threads > 0 and sys.version_info >= (3, 12))


def test_the_start_method_can_be_set_once(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing
        multiprocessing.set_start_method("spawn")
        try:
            multiprocessing.set_start_method("spawn")
        except RuntimeError:
            print("once only")
        """,
        folder=tmp_path,
    )
    assert done.stdout == "once only\n"


@needs_fork
def test_under_fork_a_process_takes_a_lambda_and_a_pool_does_not(tmp_path: Path) -> None:
    done = python(
        """
        import multiprocessing
        context = multiprocessing.get_context("fork")
        child = context.Process(target=lambda: print("a lambda", flush=True))
        child.start()
        child.join()
        with context.Pool(1) as pool:
            try:
                pool.apply(lambda: 1)
            except Exception as error:
                print("pickle" in str(error))
        """,
        folder=tmp_path,
    )
    assert done.stdout == "a lambda\nTrue\n"
