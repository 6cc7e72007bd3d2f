"""A call and a script in a learner's process: as Python itself would run them."""

from __future__ import annotations

import sys

import pytest

from grader.judge.exchange import converse
from grader.judge.faults import LearnerFault, explaining
from grader.verdict import Status, Where
from tests.bench import Bench

METHODS = ["spawn"] if sys.platform == "win32" else ["fork", "spawn", "forkserver"]


def fault(action: object, *args: object, **options: object) -> LearnerFault:
    with pytest.raises(LearnerFault) as caught:
        action(*args, **options)  # type: ignore[operator]
    return caught.value


# --- calls


def test_arguments_come_as_they_were_given(bench: Bench) -> None:
    asked = bench.learner("def echo(*args, **kwargs): return args, kwargs")
    run = asked.call("echo", (1, 2.5), {3: None}, b"x", key={"a"})
    assert run.value == (((1, 2.5), {3: None}, b"x"), {"key": {"a"}})


def test_each_call_has_a_process_of_its_own(bench: Bench) -> None:
    """Nothing that one call changes is there in the next: no global, no file."""
    source = """
        import os
        seen = []
        def call():
            seen.append(1)
            open(f"file{len(os.listdir())}", "w").close()
            return len(seen), sorted(os.listdir())
    """
    asked = bench.learner(source)
    assert asked.call("call").value == asked.call("call").value == (1, ["answer.py", "file1"])


def test_a_module_of_the_standard_library_is_not_taken_from_beside_the_answer(bench: Bench) -> None:
    asked = bench.learner("import queue\ndef call(): return queue.Queue.__module__")
    (asked._setup.answer / "queue.py").write_text("1/0", encoding="utf-8")
    assert asked.call("call").value == "queue"


def test_a_helper_beside_the_answer_can_be_imported(bench: Bench) -> None:
    asked = bench.learner("import helper\ndef call(): return helper.value")
    (asked._setup.answer / "helper.py").write_text("value = 7", encoding="utf-8")
    assert asked.call("call").value == 7


@pytest.mark.parametrize("method", METHODS)
def test_what_a_probe_defines_can_travel_to_another_process(bench: Bench, method: str) -> None:
    source = """
        import multiprocessing
        def call(method, function, *args):
            with multiprocessing.get_context(method).Pool(1) as pool:
                return pool.apply(function, args)
    """
    probes = """
        def double(number):
            return 2 * number
        def probe(answer, method):
            return answer.call(method, double, 21)
    """
    assert bench.learner(source, probes=probes).probe("probe", method).value == 42


def test_a_check_can_explain_a_fault(bench: Bench) -> None:
    asked = bench.learner("import os\ndef call(): os._exit(3)")

    def explained() -> None:
        with explaining("Why would it?"):
            asked.call("call")

    found = fault(explained)
    assert found.status is Status.CRASHED
    assert found.message.splitlines()[0].startswith("call() gave no answer: its process ended with exit code 3.")
    assert found.message.splitlines()[-1] == "Why would it?"


def test_a_fault_of_the_import_needs_no_explanation(bench: Bench) -> None:
    asked = bench.learner("1/0")

    def explained() -> None:
        with explaining("Why would it?"):
            asked.call("call")

    assert "Why" not in fault(explained).message


def test_a_function_that_is_not_there_is_named(bench: Bench) -> None:
    found = fault(bench.learner("other = 1").call, "other", 2)
    assert found.status is Status.FAILED
    assert found.message == "Your file has no function other. Is the name misspelt?"
    assert not found.final


def test_a_function_that_is_not_there_is_named_in_the_bubble_too(bench: Bench) -> None:
    with pytest.raises(LearnerFault, match=r"Your file has no function call\.") as caught:
        bench.learner("x = 1", waits=True).call("call")
    assert caught.value.status is Status.FAILED
    assert not caught.value.final


def test_an_import_that_does_not_end_is_told_as_such_in_the_bubble_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converse, "__kwdefaults__", {"load_limit": 0.5})
    with pytest.raises(LearnerFault, match="could not be imported in time") as caught:
        bench.learner("while True: pass", waits=True).call("call")
    assert caught.value.final, "the other checks need not wait for the same"


def test_an_import_that_fails_shows_the_learners_line(bench: Bench) -> None:
    found = fault(bench.learner("x = 1\ny = x / 0\n").call, "f")
    assert found.status is Status.CRASHED
    assert found.message.startswith("Your file can't be imported: ZeroDivisionError: division by zero\n")
    assert 'File "answer.py", line 2' in found.message
    assert "grader" not in found.message
    assert found.where is not None
    assert (found.where.file, found.where.line) == ("answer.py", 2)
    assert found.final


def test_an_exception_in_a_probe_shows_the_probes_lines_and_blames_the_answers(bench: Bench) -> None:
    asked = bench.learner("def f():\n    raise KeyError('k')", probes="def probe(answer):\n    return answer.f()\n")
    found = fault(lambda: asked.probe("probe").value)
    assert 'File "probes.py", line 2, in probe\n    return answer.f()' in found.message
    assert found.where is not None
    assert (found.where.file, found.where.line) == ("answer.py", 2)


@pytest.mark.parametrize("clock", ["bubble", "real"])
def test_an_answer_can_not_import_the_probes_to_change_them(bench: Bench, clock: str) -> None:
    source = """
        import importlib
        def found():
            try:
                importlib.import_module("probes")
            except ImportError:
                return "nothing"
    """
    learner = bench.learner(source, probes="def ask(answer): return answer.found()", waits=True)
    learner.probe("ask", clock=clock).returned("nothing")


def test_threads_that_did_not_end_are_named_and_daemons_are_not(bench: Bench) -> None:
    source = """
        import threading, time
        threading.Thread(target=time.sleep, args=(60,), name="from-import").start()
        def call():
            for name, daemon in (("left", False), ("daemon", True)):
                threading.Thread(target=time.sleep, args=(60,), name=name, daemon=daemon).start()
            done = threading.Thread(target=int, name="done")
            done.start()
            done.join()
    """
    assert bench.learner(source).call("call").left == ["left"]


@pytest.mark.parametrize("clock, where", [("bubble", ""), ("real", ", in work")])
def test_a_thread_that_did_not_end_is_told_with_where_it_stands(bench: Bench, clock: str, where: str) -> None:
    source = """
        import threading, time
        def work():
            event = threading.Event()
            event.wait(60)
        def call():
            threading.Thread(target=work, name="worker").start()
            time.sleep(0.3)
    """
    run = bench.learner(source, waits=True).call("call", clock=clock)
    place = f"answer.py, line 5{where}"
    assert run.left_threads == [f"thread worker, which is no daemon, still ran when call() had returned, at {place}"]


def test_a_value_that_changes_while_it_is_read_is_said_to(bench: Bench) -> None:
    source = """
        numbers = set()
        class Meta(type):
            @property
            def __name__(cls):
                numbers.add(len(numbers))
                return "Item"
        class Item(metaclass=Meta):
            pass
        def call():
            numbers.add(Item())
            return numbers
    """
    value = bench.learner(source).call("call").value
    assert "changed size during iteration" in repr(value)


@pytest.mark.parametrize("method", METHODS)
def test_the_start_method_is_a_default_that_the_answer_may_change(bench: Bench, method: str) -> None:
    source = """
        import multiprocessing
        def call(own):
            if own:
                multiprocessing.set_start_method(own)
            return multiprocessing.get_start_method()
    """
    asked = bench.learner(source)
    assert asked.call("call", None, start_method=method).value == method
    assert asked.call("call", "spawn", start_method=method).value == "spawn"


# --- scripts


def test_a_script_is_main_with_its_arguments(bench: Bench) -> None:
    source = """
        import sys
        print(__name__, __file__.rpartition("/")[2], sys.argv[1:], sys.modules["__main__"].__dict__ is globals())
        print(sys.path[0] == __file__.rpartition("/")[0])
    """
    run = bench.learner(source).script("0.5", "x y")
    assert run.text == "__main__ answer.py ['0.5', 'x y'] True\nTrue\n"
    run.returned(0)


@pytest.mark.parametrize(
    "end, code, told",
    [
        ("", 0, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit(256)", 0, ""),
        ("sys.exit('no such file')", 1, "no such file\n"),
        ("os._exit(4)", 4, ""),
        ("os._exit(0)", 0, ""),
        ("threading.Thread(target=lambda: (time.sleep(0.1), print('later', file=sys.stderr))).start()", 0, "later\n"),
        ("atexit.register(print, 'bye', file=sys.stderr)", 0, "bye\n"),
        ("atexit.register(os._exit, 5)", 5, ""),
    ],
)
def test_a_script_ends_as_python_ends_it(bench: Bench, end: str, code: int, told: str) -> None:
    run = bench.learner(f"import atexit, os, sys, threading, time\n{end}\n").script()
    assert (run.value, run.stderr) == (code, told)


def test_a_script_that_raises_shows_what_python_shows(bench: Bench) -> None:
    run = bench.learner("def f():\n    1 / 0\n\nf()\n").script()
    assert run.stderr.startswith("Traceback (most recent call last):\n  File ")
    assert "grader" not in run.stderr
    assert run.stderr.endswith("ZeroDivisionError: division by zero\n")
    found = fault(run.returned, 0)
    assert "ZeroDivisionError" in found.message
    assert found.where is not None
    assert found.where.line == 2


def test_a_script_that_is_killed_has_no_value(bench: Bench) -> None:
    found = fault(bench.learner("import os; os.abort()").script)
    assert found.status is Status.CRASHED
    assert "SIGABRT" in found.message


def test_a_script_may_turn_its_output_elsewhere(bench: Bench) -> None:
    run = bench.learner("import io, sys\nprint('before')\nsys.stdout = io.StringIO()\nprint('lost')").script()
    assert run.text == "before\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_script_may_fork_and_its_child_ends_as_a_script_ends(bench: Bench) -> None:
    source = """
        import os
        child = os.fork()
        if child:
            print("parent", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        else:
            print("child")
    """
    run = bench.learner(source).script()
    assert run.text == "child\nparent 0\n"
    run.returned(0)


@pytest.mark.parametrize("method", METHODS)
def test_a_script_of_processes_works_with_each_start_method(bench: Bench, method: str) -> None:
    source = """
        import multiprocessing, os
        def work(number, results):
            results.put((number * number, os.getppid() == parent if number < 0 else True))
        parent = os.getpid()
        if __name__ == "__main__":
            results = multiprocessing.Queue()
            processes = [multiprocessing.Process(target=work, args=(n, results)) for n in range(3)]
            for process in processes: process.start()
            print(sorted(results.get()[0] for _ in processes))
            for process in processes: process.join()
            print([process.exitcode for process in processes], multiprocessing.get_start_method())
    """
    run = bench.learner(source).script(start_method=method)
    assert run.text == f"[0, 1, 4]\n[0, 0, 0] {method}\n"
    assert [seen.kind for seen in run.processes].count("child") <= 3
    assert run.leftovers == []


def test_a_thread_may_use_what_the_script_defined_after_its_last_line(bench: Bench) -> None:
    """Python keeps `__main__` until the last thread has ended."""
    source = """
        import multiprocessing, sys, threading, time
        def work(): print("worked", flush=True)
        def later():
            time.sleep(0.1)
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start()
            process.join()
        if __name__ == "__main__":
            threading.Thread(target=later).start()
    """
    assert bench.learner(source).script().text == "worked\n"


@pytest.mark.parametrize("line", ["return 1", "nonlocal x"])
def test_what_only_the_compiler_refuses_is_told_with_its_line(bench: Bench, line: str) -> None:
    found = fault(lambda: bench.learner(f"x = 1\n{line}\n").call("f"))
    assert found.message.startswith("Your file can't be imported: SyntaxError")
    assert line in found.message
    assert found.where == Where("answer.py", 2)


@pytest.mark.parametrize(
    "parts", ["(5, 'x', None, [])", "(__file__, 'x', 1, 't')", "(None, 1, 1, 't')", "(__file__, -1, 1, 't')"]
)
def test_a_syntax_error_of_the_answers_own_making_is_told_as_any_other(bench: Bench, parts: str) -> None:
    found = fault(lambda: bench.learner(f"def f():\n    raise SyntaxError('made up', ({parts}))\n").call("f").value)
    assert "SyntaxError: made up" in found.message
