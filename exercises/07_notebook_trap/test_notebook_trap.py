"""The checks of kata 07: the notebook is run as a whole by a Jupyter kernel, as nbconvert runs it.

Which processes there were is the system's word. How those of multiprocessing ended is told by the notebook's own kernel.
"""

import ast
import contextlib
import re

import pytest

from grader.judge.faults import LearnerFault

RESULTS = [0, 1, 4, 9, 16]
LIMIT = 60.0
"""Seconds for the kernel to start and all cells to end; on a machine at rest it takes three."""

ENDED_BY_THE_NOTEBOOK = (-15, -9)
"""A pool that is left by `with` ends its idle workers by the first of these signals, as terminate() does; kill() by the other."""

FIRST_CELL = 'import multiprocessing\n\nmultiprocessing.set_start_method("spawn", force=True)'

FROM_A_CELL = re.compile(r"Can't get attribute '([^']+)' on <module '__main__'")
REASONS = {
    "Can't get attribute": "A spawned child looks for the function in the module that it is said to stand in, here in vain. Does it stand "
    "in squares.py, at the top level?",
    "ickl": "A function travels to a child as a name and a module: no lambda, no function inside a function.",
    "No module named": "A module that a child shall import lies beside the notebook, in a file that is handed in: squares.py.",
    "cannot import name": "Is the name that the notebook imports the name of the function in squares.py?",
}

OF_THREADS = ("ThreadPoolExecutor", "ThreadPool", "Thread", "dummy")
BEGINNING = ("fork", "Popen", "check_output", "system", "popen", "posix_spawn")
OF_PROCESSES = ("ProcessPoolExecutor", "Pool", "Process")


def why(text, learner):
    """The explanation of an error that `text` tells of, some sentences, or nothing."""
    found = FROM_A_CELL.search(text)
    if found:
        name = found[1]
        return (
            f"The children were sent to look for `{name}` in __main__, so it was a function that a cell defines. Such a child is a new "
            f"Python, and the notebook is no file that it could import. {where_from(learner, name)}{guards(learner)}"
        )
    return next((reason for mark, reason in REASONS.items() if mark in text), "")


def where_from(learner, name):
    """Which cells give a function its `name`, a sentence."""
    imported, defined = [], []
    for number, nodes in nodes_by_cell(learner):
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and name in (alias.asname or alias.name for alias in node.names):
                imported.append((number, node.lineno))
            elif isinstance(node, ast.FunctionDef) and node.name == name:
                defined.append((number, node.lineno))
    if imported and defined and max(imported) < max(defined):
        below = f"cell {max(defined)[0]}" + " below it" * (max(defined)[0] > max(imported)[0])
        return f"Cell {max(imported)[0]} imports `{name}`, but {below} defines `{name}` again, and that took the name: delete that definition."
    stands = f"Cell {max(defined)[0]} defines it" if defined else "No cell gets it from a file"
    return f"{stands}: write `{name}` into squares.py, and import it from there."


def guards(learner):
    """What is to be said of the cells that ask for ``__main__``, a sentence; "" if there are none."""
    asking = [
        number
        for number, nodes in nodes_by_cell(learner)
        if any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in nodes)
    ]
    return (
        f' The `if __name__ == "__main__"` in cell {asking[0]} is no help: the child never runs the cells.'
        if asking
        else ""
    )


def run_all(learner):
    """The notebook's run; one that hangs, or has a cell that ends by an error, fails the check with its reason."""
    try:
        run = learner.notebook("results", limit=LIMIT)
        run.raise_error()
    except LearnerFault as fault:
        reason = why(fault.message, learner)
        raise fault.explained(f"\n{reason}" if reason else "") from None
    return run


@pytest.mark.points(3)
def test_all_cells_run(learner):
    """Run from top to bottom, each cell comes to its end, without an error and in time."""
    run_all(learner)


@pytest.mark.points(2)
def test_results_are_the_squares(learner):
    """At the end `results` holds the five squares."""
    run = run_all(learner)
    assert "results" in run.value, (
        "When all cells have run, there is no variable `results`. The last cell should leave the list of squares in it."
    )
    results = run.value["results"]
    hint = "What a child puts into a list or a global of its own stays in the child: let it return its value." * (
        results in ([], None)
    )
    assert results == RESULTS and repr(results) == repr(RESULTS), (
        f"When all cells have run, `results` is {results!r}, it should be {RESULTS}. {hint}".rstrip()
    )


def nodes_by_cell(learner):
    """The number of each cell that is Python without magics, as the kernel counts them, and the nodes of its syntax tree."""
    for number, text in learner.cells().items():
        try:
            yield number, list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def name_of(node):
    """The name of an expression, or of the module that names are imported from, without what stands before its last dot."""
    name = getattr(node, "attr", getattr(node, "id", getattr(node, "module", None))) or ""
    return name.rpartition(".")[2]


def who_worked(learner):
    """What the cells say of threads and processes where the system saw no process, a sentence or two."""
    named = [(number, name_of(node)) for number, nodes in nodes_by_cell(learner) for node in nodes]
    for names, told in (
        (("fork",), "what forks copies the kernel, which is no spawn, and its copies were gone at once"),
        (OF_THREADS, "its threads are the kernel's own"),
        (OF_PROCESSES, "it started none"),
    ):
        found = [(number, name) for number, name in named if name in names]
        if found:
            return f"Cell {found[0][0]} uses {found[0][1]}: {told}."
    return "No cell names threads, processes or a pool: the kernel itself called the function, as a loop or comprehension in a cell does."


def who_began_another(learner):
    """The first call in a cell that begins processes past multiprocessing, a sentence; "" if no cell has one."""
    with contextlib.suppress(RecursionError, ValueError):  # of what is nested too deep to be written
        for number, nodes in nodes_by_cell(learner):
            for node in nodes:
                call = node.func if isinstance(node, ast.Call) else None
                holder = name_of(call.value) if isinstance(call, ast.Attribute) else ""
                if call and (holder == "subprocess" or name_of(call) in BEGINNING):
                    return f" Cell {number} calls `{ast.unparse(node)[:120]}`."
    return ""


def who_caught(learner):
    """The cells that catch an exception, a sentence; "" if none does."""
    for number, nodes in nodes_by_cell(learner):
        for node in nodes:
            if isinstance(node, ast.ExceptHandler):
                kind = f" {ast.unparse(node.type)}" if node.type else ""
                return f" Cell {number} has an `except{kind}:`, which may have caught what the notebook heard of it."
    return ""


def who_chose_fork(learner):
    """The calls in cells that ask for a start method, a sentence; "" if there are none."""
    asked = [
        f"Cell {number} asks for `{ast.unparse(node)}`."
        for number, nodes in nodes_by_cell(learner)
        for node in nodes
        if isinstance(node, ast.Call) and name_of(node.func) in ("set_start_method", "get_context")
    ]
    return " ".join(asked)


@pytest.mark.points(3)
def test_other_processes_did_the_work(learner):
    """The squares come from other processes, started by spawn."""
    run = run_all(learner)
    forked = [ended.name for ended in run.exits if ended.method == "fork"]
    served = [ended for ended in run.exits if ended.method not in ("fork", "spawn")]
    assert not forked, (
        f"{forked[0]} was started by fork, which copies the notebook's kernel with all that its cells defined. "
        f"{who_chose_fork(learner)} Leave the first cell as it is: Windows has no fork, on a Mac it is not safe, and from Python 3.14 on "
        "it is nowhere the default."
    )
    assert not served, (
        f"{served[0].name} was started by {served[0].method}, and should be by spawn: each child a new Python, as on Windows and on a Mac. "
        f"{who_chose_fork(learner)} Leave the first cell as it is, and ask for no other method."
    )
    assert run.exits or not run.children, (
        f"The system saw {len(run.children)} other process{'es' if run.children[1:] else ''}, and multiprocessing has started none: so nobody began "
        f"{'these' if run.children[1:] else 'it'} by spawn.{who_began_another(learner)} "
        "os.fork() copies the kernel with all that it has, and is missing on Windows; what subprocess runs is another program. Take a "
        "ProcessPoolExecutor, a multiprocessing.Pool or Processes."
    )
    assert run.children, (
        "The squares should be made by other processes. The system saw none but the notebook's own kernel, and multiprocessing has "
        f"started {len(run.exits) or 'none'}. {who_worked(learner)} Take a ProcessPoolExecutor or a multiprocessing.Pool."
    )

    number, text = next(iter(learner.cells().items()), (0, ""))
    assert is_first_cell(text), (
        f"The first code cell, {number}, begins with {text[:80]!r}.{where_the_first_is(learner)} It should stay as it was, and the first: `import multiprocessing`, then "
        '`multiprocessing.set_start_method("spawn", force=True)`, so that all below it starts children by spawn. Write your own into '
        "cells below it."
    )


def where_the_first_is(learner):
    """Which cell does what the first one did, a sentence; "" if none does."""
    found = [number for number, text in learner.cells().items() if is_first_cell(text)]
    return f" What was the first cell is now cell {found[0]}." if found else ""


def is_first_cell(text):
    """Whether the cell does what the first one did, comments and spaces aside."""
    try:
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(FIRST_CELL))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


@pytest.mark.points(2)
def test_no_child_dies_unseen(learner):
    """No child process ends by an error, whether or not the notebook notices."""
    run = run_all(learner)
    died = [ended for ended in run.exits if ended.code not in (0, None, *ENDED_BY_THE_NOTEBOOK)]
    told = f" On stderr stands {run.last_error}." if run.last_error else ""
    meant = (
        "The notebook goes on as if nothing had been: an error in a child is the child's own."
        if told or {ended.code for ended in died} == {1}
        else "If you meant that, as by sys.exit(), let it end with 0, and tell what it found by a queue, or as a pool's result: who sees "
        "another exit code takes it for an error."
    )
    assert not died, (
        f"All cells ran, but {len(died)} of {len(run.exits)} child processes did not end with exit code 0: {died[0].name} ended with exit code "
        f"{died[0].code}.{told} {meant}{who_caught(learner)} {why(told, learner)}"
    ).rstrip()
