"""The checks of kata 25: what is best is found here too, by one process; the system tells who computed."""

import contextlib
import functools
import math
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import computing_together

np = pytest.importorskip("numpy")

ENOUGH = 0.35
"""CPU seconds that one place of the grid should cost, so that beginning a process costs little beside it."""
COLUMNS = 1000
"""Of large data: many, since computing grows with their square, and what must be sent does not."""

THIRD = "a third of the score of "
"""So begins what a λ of the probes prints."""

BY_NAME = (
    "What goes to another process is pickled, and a function travels by its name: no lambda and no inner function. "
    "functools.partial(score, data) can be sent."
)
READ_AGAIN = (
    "This was under spawn, on a system without fork, as Windows is. There a child is a new Python that imports your file: it knows nothing of what your "
    "function has put into a global variable. Send the data with the task, or by the pool's initializer."
)
NO_FORK = "This was under spawn, on a system without fork, as Windows is. Ask for no start method by name: the default is there on every system."


def data_of(seed, rows, columns, scale=1.0):
    """The data that the probe makes of these."""
    source = np.random.default_rng(seed)
    x = source.normal(size=(rows, columns)) * (seed != 0)
    y = x @ source.normal(size=columns) + source.normal(size=rows) * columns
    return x, y * scale


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
    grid: list[float] | tuple[float, ...]
    workers: int
    scale: float = 1.0

    def ask(self, learner, why="", start_method=None, probe="grid_search"):
        """Have it done; return the run, params and score."""
        with explaining(why or "If it waits: for a result that a child never sent?"):
            run = learner.probe(probe, self.data, self.grid, self.workers, start_method=start_method, limit=60)
        error = f"{run.error.type}: {run.error.text}" if run.error else ""
        reason = BY_NAME if "ickl" in error or "local object" in error else NO_FORK if "fork" in error else why
        assert not error, f"{self.told} raised {error.removesuffix(': ')}. {reason}".rstrip()
        return run, *self.of(run, run.value)

    def of(self, run, value):
        """Params and score of what was told of its result, if that is a Best and nothing was changed."""
        params, found, kind, changed = value
        came = nothing_came(run, params, found) if kind == "NoneType" else ""
        came = " The Best of the stub is asked for, not another class of that name." if kind == "Best" else came
        assert not kind, f"{self.told} should return a Best, and returned an object of type {kind}.{came}"
        assert changed == [], (
            f"{self.told} changed {' and '.join(map(str, changed))}. What it is given should stay as it is."
        )
        return params, found

    @property
    def data(self):
        """What the probe makes the data of."""
        return self.seed, self.rows, self.columns, self.scale

    @property
    def told(self):
        """The search, for a message."""
        places = ", ".join(f"{lam:.4g}" for lam in self.grid[:12]) + ", …" * (len(self.grid) > 12)
        grid = f"({places})" if isinstance(self.grid, tuple) else f"[{places}]"
        return f"grid_search({self.rows}×{self.columns} data, {grid}, {self.workers})"

    def scores(self):
        """The scores of the places."""
        data = data_of(*self.data)
        return [score_of(data, lam) for lam in self.grid]

    def with_best_last(self):
        """The same with the best λ at the end of the grid."""
        scores = self.scores()
        best = scores.index(max(scores))
        return self._replace(grid=[*self.grid[:best], *self.grid[best + 1 :], self.grid[best]])


def some_grid(rng, places):
    """Values of λ from 0.01 to 10,000, in no order, no two near each other."""
    grid = [10 ** (-2 + 6 * (place + 0.5 * rng.random()) / places) for place in range(places)]
    rng.shuffle(grid)
    return grid


def nothing_came(run, params, found):
    """What it tells if the result is none at all: where the scores have stayed; else ""."""
    if not run.children or (params is not None and isinstance(found, float) and math.isfinite(found)):
        return ""
    return (
        f" {len(run.children)} other processes were there and spent {run.cpu_children:.2f} s of CPU time, and no score has come back from them. What a child "
        "puts into a global variable it puts into its own copy: let the function return it, and ask each future for its result()."
    )


def apart(one, other):
    """Two numbers with as many digits as it takes to see that they differ."""
    digits = next((digits for digits in (6, 10, 14) if f"{one:.{digits}g}" != f"{other:.{digits}g}"), 17)
    return f"{one:.{digits}g}", f"{other:.{digits}g}"


def assert_best(search, run, params, found, tolerance=1e-12, *, more=lambda equals: ""):  # noqa: ARG005 - nothing more
    """The result is the λ of the greatest score, and that score; `more` can tell of one of several equal ones."""
    scores = search.scores()
    best = max(range(len(scores)), key=scores.__getitem__)
    assert isinstance(params, float | int) and isinstance(found, float), (
        f"{search.told} should return a Best with a λ of the grid and its score; they are {params!r} and {found!r}."
        f"{nothing_came(run, params, found)}"
    )
    if params in search.grid and params != search.grid[best]:
        its = scores[search.grid.index(params)]
        assert its != scores[best], (
            f"{search.told}: several have the greatest score, and the first of them is the best, {search.grid[best]:.4g}; it returned {params:.4g}. "
            f"{which_of_equals(search.grid, params)}"
            f"{more([lam for lam, its in zip(search.grid, scores, strict=True) if its == scores[best]])}"
        )
        worst = params == search.grid[min(range(len(scores)), key=scores.__getitem__)]
        near, greater = apart(its, scores[best])
        assert math.isclose(found, its, rel_tol=1e-9), (
            f"{search.told}: λ {params:.4g} has the score {its:.6g}, not {found:.6g}, which is another's. Results that come as they are done, as from "
            "as_completed, stand in another order than the grid: keep each score with its λ."
        )
        raise AssertionError(
            f"{search.told} returned λ {params:.4g} with the score {near}; {search.grid[best]:.4g} has a greater one, {greater}. "
            + ("That is the worst of all: the greatest score is the best. " if worst else "")
            + (
                "Greater is greater, however little: compare scores as they are, not rounded. "
                if len(near) > 10
                else ""
            )
        )
    assert params in search.grid, f"{search.told} returned λ {params!r}, which is not in the grid."
    right, wrong = apart(scores[best], found)
    assert math.isclose(found, scores[best], rel_tol=tolerance), (
        f"{search.told}: the score of λ {params:.4g} is {right}; it returned {wrong}. Hand on what score returns, of the data as they are."
    )


@pytest.mark.points(3)
def test_the_best_is_that_of_one_process(learner, rng):
    """The best λ and its score are those that one process finds, whatever the number of workers."""
    for places, workers in ((9, 2), (9, 4), (1, 1), (3, 5), (rng.randint(60, 90), 3)):
        search = Search(rng.randint(1, 10**6), rng.randint(50, 80), rng.randint(5, 20), some_grid(rng, places), workers)
        search = search.with_best_last() if places > 9 else search
        run, params, found = search.ask(learner)
        assert_best(search, run, params, found)
    search = search._replace(grid=tuple(some_grid(rng, 4)), workers=2)  # a tuple is a Sequence too
    run, params, found = search.ask(learner, "The grid is a tuple here: a Sequence, as a list is.")
    assert_best(search, run, params, found)
    for others in ([], [0.015, 3.5e7, 0.15]):
        assert_keeps_ints(learner, rng, search._replace(grid=[], workers=2), others)
    lam = rng.uniform(2e-6, 4e-6)  # scores that differ by less than a billionth, and are small
    grid = [2 * lam, 4 * lam, 1e6, lam, 3 * lam]
    search = Search(rng.randint(1, 10**6), 600, 3, grid, 2, 1e-6)
    run, params, found = search.ask(learner)
    assert_best(search, run, params, found)


def assert_keeps_ints(learner, rng, search, others):
    """Where an int is the best of the grid, an int is returned; those of `others` that are not better stand beside."""
    ints = rng.sample((1, 10, 100, 1000, 10_000), 4)
    greatest = max(search._replace(grid=ints).scores())
    grid = ints + [lam for lam in others if search._replace(grid=[lam]).scores()[0] < greatest]
    search = search._replace(grid=rng.sample(grid, len(grid)))
    run, params, found = search.ask(learner)
    assert_best(search, run, params, found)
    assert type(params) is int, (
        f"{search.told}: the best λ is an int in the grid, and params is {params!r}, a {type(params).__name__}. It should be the λ as it stands there: keep its "
        "place in the grid, and take it from there. (A numpy array makes floats of all.)"
        + (" Of a grid of ints only it had returned an int." if others else "")
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
    least = [10 ** -rng.uniform(22, 30) for _ in range(4)]  # nothing beside the samples: these score alike, and best
    grid = [1e6, least[0], 2e6, *least[1:3], 3e6, least[3]]
    for workers in (2, 3):
        search = Search(rng.randint(1, 10**6), 600, 3, grid, workers)
        run, params, found = search.ask(learner)
        assert_best(search, run, params, found, more=functools.partial(who_scored, learner, search, params))


def who_scored(learner, search, params, equals):
    """Which place is taken, and by whom each place is scored, where the equal ones stand in another order, in words."""
    # Who goes by the size of λ takes another place, since the least or the greatest stands where that stood which was taken.
    least = params == max(equals)
    there, *rest = sorted(equals, reverse=not least)
    others = iter(rest)
    grid = [there if lam == params else next(others) if lam in equals else lam for lam in search.grid]
    place, by = None, {}
    with learner.aside(), contextlib.suppress(LearnerFault, LookupError, TypeError, ValueError):
        run = learner.probe("searches", [(search.data, grid, search.workers)])
        place = grid.index(run.value[0][0]) + 1
        for use in uses(run.out):
            by.setdefault(use.pid, []).append(grid.index(use.lam) + 1)
    if place is None:
        return ""
    told = f" With the equal ones in another order, the {'least' if least else 'greatest'} at place {grid.index(there) + 1}, it took place {place}"
    shares = [str(sorted(places))[1:-1] for places in by.values()]
    return told + (f"; one process scored the places {', another '.join(shares)}." if shares else ".")


def which_of_equals(grid, params):
    """What it tells that this one of several with the same score was taken."""
    if params == max(grid):
        return "That is the greatest λ: max() of pairs like (score, λ) compares the second where the first are equal."
    if params == grid[-1]:
        return "That is the last one: `>=` takes the last of equals, `>` the first."
    place = f"place {grid.index(params) + 1} of {len(grid)}" if params in grid else "no place of it"
    return (
        f"That is {place}, neither the last nor the greatest. Who takes what is done first leaves it to luck; who has processes search parts, and compares the "
        "bests of these, must compare their places, too."
    )


@pytest.mark.points(1)
def test_nothing_to_search_is_refused(learner, rng):
    """An empty grid, or workers below 1, raise ValueError."""
    learner.probe("grid_search", (1, 30, 3), [], 2).raises("ValueError", "Nothing in an empty grid is best.")
    for workers in (0, -1, -rng.randint(2, 9)):
        learner.probe("grid_search", (1, 30, 3), [1.0, 2.0], workers).raises("ValueError", "No workers can't search.")


@pytest.mark.points(2)
def test_runs_under_spawn(learner, rng):
    """Under spawn, where a child imports the file, the same is found."""
    search = Search(rng.randint(1, 10**6), 60, 8, some_grid(rng, 4), 2)
    run, params, found = search.ask(learner, READ_AGAIN, start_method="spawn", probe="without_fork")
    assert_best(search, run, params, found)
    parent = next((line.pid for line in run.out if line.text == "the parent"), 0)
    assert not [use for use in uses(run.out) if use.pid == parent != 0], (
        f"{search.told}, under spawn: scores were computed in the calling process, by the system's word. Other processes should compute them under every start method."
    )


class Use(NamedTuple):
    """A score that was computed: in which process, of which λ, from which line to which it was printed, and how often."""

    pid: int
    lam: float
    first: int
    last: int
    times: int


def uses(lines):
    """The scores that these lines tell of; a third of one is computed at each."""
    found = {}
    for number, line in enumerate(lines):
        if line.text.startswith(THIRD):
            key = line.pid, line.text
            use = found.get(key) or Use(line.pid, float(line.text[len(THIRD) :]), number, number, 0)
            found[key] = use._replace(last=number, times=use.times + 1)
    return list(found.values())


def by_search(run):
    """The lines of each of the searches, and the pid of the process that called for them."""
    parts = [[]]
    parent = 0
    for line in run.out:
        if line.text.startswith("search "):
            parts.append([])
            parent = line.pid
        parts[-1].append(line)
    return parts[1:], parent


def assert_who_computes(learner, rng):
    """By the lines that each use of a λ prints, other processes compute all scores, each once, and not too many at a time."""
    grid = some_grid(rng, 5)
    asked = [
        Search(rng.randint(1, 10**6), 60, 8, places, workers)
        for places, workers in ((grid, 3), (grid, 1), (grid[:1], 2))
    ]
    for attempt in range(3):  # on a crowded machine a second process may begin when all is done: then once more
        run = learner.probe("searches", [(search.data, search.grid, search.workers) for search in asked])
        values = run.value
        parts, parent = by_search(run)
        if len({use.pid for use in uses(parts[0])}) > 1 or attempt == 2:
            break
    for number, (search, value, lines) in enumerate(zip(asked, values, parts, strict=True), 1):
        told = f"{search.told}, search {number} of {len(asked)} in the same process"
        assert_shares(told, uses(lines), parent, search)
        params, found = search.of(run, value)
        try:
            assert_best(search, run, params, found)
        except AssertionError as error:
            if number == 1:
                raise
            note = f"This was search {number} in the same process, and of other data than the first: keep nothing from one to the next."
            raise AssertionError(f"{error} {note}") from None


def assert_shares(told, found, parent, search):
    """Of one search: who computed which of the scores."""
    own = [use.lam for use in found if use.pid == parent != 0]
    assert not own, (
        f"{told}: {len(own)} of {len(search.grid)} scores were computed in the calling process itself, by the system's word (the first is that of λ {own[0]:.4g}). "
        "Other processes should compute all of them, also where there is one place or one worker; a thread is no other process."
    )
    times = {lam: sum(use.times for use in found if use.lam == lam) for use in found for lam in [use.lam]}
    again = [lam for lam, count in times.items() if count > 3]
    assert not again, (
        f"{told}: the score of λ {again[0]:.4g} was computed {times[again[0]] // 3} times. Once is enough: it is the same each time."
    )
    peak = max(
        (sum(use.first <= moment <= use.last for use in found) for moment in (use.first for use in found)), default=0
    )
    assert peak <= search.workers, (
        f"{told}: {peak} scores were being computed at the same time. At most {search.workers} should be: a pool has as many processes as it is told."
    )
    pids = {use.pid for use in found if use.pid}
    assert len(pids) != 1 or search.workers == 1 or len(search.grid) == 1, (
        f"{told}: one process computed all the scores. Two at least should share them: hand in each place as a task of its own, all of them before you wait for the first."
    )


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
    assert_who_computes(learner, rng)
    rows, seconds = rows_for(learner, rng)
    search = Search(rng.randint(1, 10**6), rows, COLUMNS, some_grid(rng, 2), 2)
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        run, params, found = search.ask(learner)
        busy = sorted(run.children, key=lambda process: process.cpu)[-2:]
        if computing_together(busy):
            break
    assert_best(search, run, params, found, 1e-9)
    told = ", ".join(f"{process.cpu:.2f} s" for process in run.children) or "there were none"
    booked = f"{run.cpu_here:.2f} s were computed in this process; CPU time of the child processes: {told}"
    assert run.cpu_children >= 1.2 * seconds, (
        f"{search.told}: {booked}. Each place takes {seconds:.2f} s, and other processes should compute both; "
        + (
            "threads are no processes."
            if not run.children
            else f"{run.cpu_here:.2f} s of it were computed in the calling process."
        )
    )
    assert len(busy) == 2 and busy[0].cpu >= 0.5 * seconds, (
        f"{search.told}: {booked}. Two processes should share the work."
    )
    assert computing_together(busy), (
        f"{search.told}: {booked}. They computed one after the other: hand in both places before you wait for the first score."
    )
