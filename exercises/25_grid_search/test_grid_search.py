"""The checks of kata 25: what is best is found here too, by one process; the system tells who computed."""

import math
from typing import NamedTuple

import pytest

from grader.judge.faults import explaining
from grader.judge.run import computing_together

np = pytest.importorskip("numpy")

ENOUGH = 0.35
"""CPU seconds that one place of the grid should cost, so that beginning a process costs little beside it."""
COLUMNS = 1000
"""Of large data: many, since computing grows with their square, and what must be sent does not."""

BY_NAME = (
    "What goes to another process is pickled, and a function travels by its name: no lambda and no inner function. "
    "functools.partial(score, data) can be sent."
)
READ_AGAIN = (
    "This was under spawn. There a child is a new Python that imports your file: it knows nothing of what your function has put into a "
    "global variable. Send the data with the task, or by the pool's initializer."
)


def data_of(seed, rows, columns):
    """The data that the probe makes of these."""
    source = np.random.default_rng(seed)
    x = source.normal(size=(rows, columns)) * (seed != 0)
    y = x @ source.normal(size=columns) + source.normal(size=rows) * columns
    return x, y


def score_of(data, lam):
    """The score, as the stub defines it."""
    x, y = data
    order = np.random.default_rng(0).permutation(len(y))
    errors = []
    for fold in np.array_split(order, 3):
        rest = np.setdiff1d(order, fold)
        gram = x[rest].T @ x[rest] + lam * np.eye(x.shape[1])
        weights = np.linalg.solve(gram, x[rest].T @ y[rest])
        errors.append(np.mean((x[fold] @ weights - y[fold]) ** 2))
    return -float(np.mean(errors))


class Search(NamedTuple):
    """One search: the data, the grid and the workers."""

    seed: int
    rows: int
    columns: int
    grid: list[float]
    workers: int

    def ask(self, learner, why="", start_method=None):
        """Have it done; return the run, params and score."""
        with explaining(why or "If it waits: for a result that a child never sent?"):
            data = (self.seed, self.rows, self.columns)
            run = learner.probe("grid_search", data, self.grid, self.workers, start_method=start_method, limit=60)
        error = f"{run.error.type}: {run.error.text}" if run.error else ""
        reason = BY_NAME if "ickl" in error or "local object" in error else why
        assert not error, f"{self.told} raised {error}. {reason}".rstrip()
        return run, *run.value

    @property
    def told(self):
        """The search, for a message."""
        places = ", ".join(f"{lam:.4g}" for lam in self.grid)
        return f"grid_search({self.rows}×{self.columns} data, [{places}], {self.workers})"


def some_grid(rng, places):
    """Values of λ from 0.01 to 10,000, in no order, no two near each other."""
    grid = [10 ** (-2 + 6 * (place + 0.5 * rng.random()) / places) for place in range(places)]
    rng.shuffle(grid)
    return grid


def nothing_came(run, params, found):
    """What it tells if the result is none at all: where the scores have stayed; else ""."""
    if not run.children or (params is not None and found is not None and math.isfinite(found)):
        return ""
    return (
        f" {len(run.children)} other processes were there and spent {run.cpu_children:.2f} s of CPU time, and no score has come back from them. What a child "
        "puts into a global variable it puts into its own copy: let the function return it, and ask each future for its result()."
    )


def assert_best(search, run, params, found):
    """The result is the λ of the greatest score, and that score."""
    data = data_of(search.seed, search.rows, search.columns)
    scores = [score_of(data, lam) for lam in search.grid]
    best = max(range(len(scores)), key=scores.__getitem__)
    assert isinstance(params, float | int) and isinstance(found, float), (
        f"{search.told} should return a Best with a λ of the grid and its score; they are {params!r} and {found!r}."
        f"{nothing_came(run, params, found)}"
    )
    if params in search.grid and params != search.grid[best]:
        its = scores[search.grid.index(params)]
        worst = params == search.grid[min(range(len(scores)), key=scores.__getitem__)]
        assert math.isclose(found, its, rel_tol=1e-9), (
            f"{search.told}: λ {params:.4g} has the score {its:.6g}, not {found:.6g}, which is another's. Results that come as they are done, as from "
            "as_completed, stand in another order than the grid: keep each score with its λ."
        )
        raise AssertionError(
            f"{search.told} returned λ {params:.4g} with the score {its:.6g}; {search.grid[best]:.4g} has a greater one, {scores[best]:.6g}. "
            + ("That is the worst of all: the greatest score is the best." if worst else "")
        )
    assert params in search.grid, f"{search.told} returned λ {params!r}, which is not in the grid."
    assert math.isclose(found, scores[best], rel_tol=1e-9), (
        f"{search.told}: the score of λ {params:.4g} is {scores[best]:.6g}; it returned {found:.6g}."
    )


@pytest.mark.points(3)
def test_the_best_is_that_of_one_process(learner, rng):
    """The best λ and its score are those that one process finds, whatever the number of workers."""
    for places, workers in ((9, 2), (9, 4), (1, 1), (3, 5)):
        search = Search(rng.randint(1, 10**6), rng.randint(50, 80), rng.randint(5, 20), some_grid(rng, places), workers)
        run, params, found = search.ask(learner)
        assert_best(search, run, params, found)
    search = search._replace(grid=rng.sample((1, 10, 100, 1000, 10_000), 4), workers=2)
    run, params, found = search.ask(learner)
    assert_best(search, run, params, found)
    assert type(params) is int, (
        f"{search.told}: the grid is of ints, and params is {params!r}, a {type(params).__name__}. It should be the λ as it stands there: keep its place in the "
        "grid, and take it from there."
    )


@pytest.mark.points(2)
def test_of_equals_the_first_is_best(learner, rng):
    """Where several have the greatest score, the first in the grid is the best."""
    for workers in (1, 3):
        grid = sorted(some_grid(rng, 8))
        grid = [*grid[3:], *grid[:3]]  # the first is neither the least nor the greatest
        search = Search(0, 40, 4, grid, workers)  # features that tell nothing: λ makes no difference
        run, params, found = search.ask(learner)
        why = nothing_came(run, params, found) or " " + which_of_equals(grid, params)
        assert params == grid[0], (
            f"{search.told}: all have the same score here, so the first is the best, {grid[0]:.4g}; it returned {params!r:.20}.{why}"
        )
        params = learner.probe("of_equals", grid, workers).value
        assert params == grid[0], (
            f"{search.told}, where the first takes longest: all have the same score, so the first is the best, {grid[0]:.4g}; it returned {params!r:.20}. "
            "It was done last: who takes results as they are done has to look at their places, too."
        )


def which_of_equals(grid, params):
    """What it tells that this one of several with the same score was taken."""
    if params == max(grid):
        return "That is the greatest λ: max() of pairs like (score, λ) compares the second where the first are equal."
    if params == grid[-1]:
        return "That is the last one: `>=` takes the last of equals, `>` the first."
    return "It is neither the first nor the last nor the greatest: what is done first is a matter of luck."


@pytest.mark.points(1)
def test_nothing_to_search_is_refused(learner):
    """An empty grid, or workers below 1, raise ValueError."""
    learner.probe("grid_search", (1, 30, 3), [], 2).raises("ValueError", "Nothing in an empty grid is best.")
    learner.probe("grid_search", (1, 30, 3), [1.0, 2.0], 0).raises("ValueError", "No workers can't search.")


@pytest.mark.points(2)
def test_runs_under_spawn(learner, rng):
    """Under spawn, where a child imports the file, the same is found."""
    search = Search(rng.randint(1, 10**6), 60, 8, some_grid(rng, 4), 2)
    run, params, found = search.ask(learner, READ_AGAIN, start_method="spawn")
    assert_best(search, run, params, found)


def rows_for(learner, rng):
    """Find how many rows make one place cost at least `ENOUGH` CPU seconds; return it and these seconds."""
    rows = 400
    rest, _, _ = Search(1, 30, 2, [1.0], 1).ask(learner)
    while True:
        run, _, _ = Search(rng.randint(1, 10**6), rows, COLUMNS, [1.0] * 2, 1).ask(learner)
        seconds = (run.cpu_here + run.cpu_children - rest.cpu_here - rest.cpu_children) / 2
        if seconds >= ENOUGH or rows >= 6_400:
            return rows, seconds
        rows *= 2


@pytest.mark.points(2)
def test_two_processes_compute_at_the_same_time(learner, rng):
    """The scores are computed by two other processes at the same time."""
    rows, seconds = rows_for(learner, rng)
    search = Search(rng.randint(1, 10**6), rows, COLUMNS, some_grid(rng, 2), 2)
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        run, params, found = search.ask(learner)
        busy = sorted(run.children, key=lambda process: process.cpu)[-2:]
        if computing_together(busy):
            break
    assert_best(search, run, params, found)
    told = ", ".join(f"{process.cpu:.2f} s" for process in run.children) or "there were none"
    booked = f"{run.cpu_here:.2f} s were computed in this process; CPU time of the child processes: {told}"
    assert run.cpu_children >= 1.2 * seconds, (
        f"{search.told}: {booked}. Each place takes {seconds:.2f} s, and other processes should compute both. Threads are no processes."
    )
    assert len(busy) == 2 and busy[0].cpu >= 0.5 * seconds, (
        f"{search.told}: {booked}. Two processes should share the work."
    )
    assert computing_together(busy), (
        f"{search.told}: {booked}. They computed one after the other: hand in both places before you wait for the first score."
    )
