"""The checks of kata 07: the notebook is run as a whole by a Jupyter kernel, as nbconvert runs it.

Which processes there were is the system's word. How those of multiprocessing ended is told by the notebook's own kernel.
"""

import pytest

from grader.judge.faults import LearnerFault

RESULTS = [0, 1, 4, 9, 16]
LIMIT = 60.0
"""Seconds for the kernel to start and all cells to end; on a machine at rest it takes three."""

ENDED_BY_ITS_POOL = -15
"""A pool that is left by `with` ends its idle workers by this signal."""

REASONS = {
    "Can't get attribute": "A spawned child is a new Python that looks for the function in a module. What a cell defines is in none: "
    "the notebook is no file that a child could import. Does the function stand in squares.py, and does the notebook import it "
    "from there, without defining it again in a cell below?",
    "ickl": "A function travels to a child as a name and a module: no lambda, no function inside a function.",
    "No module named": "A module that a child shall import lies beside the notebook, in a file that is handed in: squares.py.",
    "cannot import name": "Is the name that the notebook imports the name of the function in squares.py?",
}


def why(text):
    """The explanation of an error that `text` tells of, a sentence or two, or nothing."""
    return next((reason for mark, reason in REASONS.items() if mark in text), "")


def run_all(learner):
    """The notebook's run; one that hangs, or has a cell that ends by an error, fails the check with its reason."""
    try:
        run = learner.notebook("results", limit=LIMIT)
        run.raise_error()
    except LearnerFault as fault:
        reason = why(fault.message)
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
    assert results == RESULTS, (
        f"When all cells have run, `results` is {results!r}, it should be {RESULTS}. {hint}".rstrip()
    )


@pytest.mark.points(3)
def test_other_processes_did_the_work(learner):
    """The squares come from other processes, started by spawn."""
    run = run_all(learner)
    assert run.children, (
        "The squares should be made by other processes. The system saw none but the notebook's own kernel: what stands in a "
        "cell, and what threads do, happens there."
    )
    forked = [ended.name for ended in run.exits if ended.method == "fork"]
    assert not forked, (
        f"{forked[0]} was started by fork, which copies the notebook's kernel with all that its cells defined. Leave the first "
        "cell as it is: Windows has no fork, on a Mac it is not safe, and from Python 3.14 on it is nowhere the default."
    )


@pytest.mark.points(2)
def test_no_child_dies_unseen(learner):
    """No child process ends by an error, whether or not the notebook notices."""
    run = run_all(learner)
    died = [ended for ended in run.exits if ended.code not in (0, None, ENDED_BY_ITS_POOL)]
    told = f" On stderr stands {run.last_error}." if run.last_error else ""
    assert not died, (
        f"All cells ran, but {len(died)} of {len(run.exits)} child processes died: {died[0].name} ended with exit code "
        f"{died[0].code}.{told} The notebook goes on as if nothing had been: an error in a child is the child's own. {why(told)}"
    ).rstrip()
