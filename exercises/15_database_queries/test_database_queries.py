"""The checks of kata 15: a real database, which the judge can keep locked until enough connections are open."""

import pytest

from grader.judge.faults import explaining

FROZEN = (
    "In these queries SQLite calls a function that is written in Python. If two threads share a connection "
    "(`check_same_thread=False`), the first is inside SQLite, holds the connection and waits for the GIL to call that "
    "function; the second has the GIL and waits for the connection. Then nothing moves any more, not even another "
    "thread. Give each thread, or each query, a connection of its own."
)
LIMIT = 8
"""Seconds for calls that take well under one, and stand still if they share a connection."""
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty")


def some_value(rng):
    """A value and how SQL writes it."""
    word, data = rng.choice(WORDS), rng.randbytes(rng.randint(1, 8))
    number, part = rng.randint(-(10**12), 10**12), rng.randint(-999, 999) / 8
    return rng.choice(
        [(number, str(number)), (part, str(part)), (word, f"'{word}'"), (data, f"x'{data.hex()}'"), (None, "NULL")]
    )


def some_table(rng, count):
    """SQL that makes a table `things` of `count` rows, and these."""
    rows = [(number, *(some_value(rng) for _ in range(2))) for number in range(count)]
    values = ", ".join(f"({number}, {one[1]}, {two[1]})" for number, one, two in rows)
    script = f"CREATE TABLE things (id INTEGER PRIMARY KEY, one, two); INSERT INTO things VALUES {values};"  # noqa: S608 - our own
    return script, [(number, one[0], two[0]) for number, one, two in rows]


def some_queries(rng, rows, count):
    """`count` queries on `things`, and the rows of each."""
    asked = []
    for _ in range(count):
        first = rng.randrange(len(rows))
        last = rng.randrange(first, min(len(rows), first + 5))
        query = f"SELECT * FROM things WHERE id BETWEEN {first} AND {last} ORDER BY id"  # noqa: S608 - as above
        asked.append((query, rows[first : last + 1]))
    return [query for query, _ in asked], [found for _, found in asked]


def resting(seconds):
    """A query that takes so long: SQLite calls `pause`, a function that is written in Python."""
    return f"SELECT pause({seconds})"


def rows_of(run):
    """What `query_all` returned, where it should not raise."""
    error = run.value["error"]
    assert error is None, f"{run.asked} should return rows, it raised {error.type}: {error.text}"
    return run.value["rows"]


def in_another_order(value, found):
    """A sentence, where the right rows stand in a wrong order."""
    alike = isinstance(value, list) and value != found and sorted(map(repr, value)) == sorted(map(repr, found))
    return (
        " These are the right rows, in another order than the queries: in that in which they were done?"
        if alike
        else ""
    )


def test_rows_of_each_query(learner, rng):
    """Each query gives its rows, as `fetchall` does; no rows, no queries and one worker are no special cases."""
    script, rows = some_table(rng, 30)
    queries, found = some_queries(rng, rows, 12)
    queries += ["SELECT * FROM things WHERE id < 0", queries[0]]
    found += [[], found[0]]
    with learner.files() as files:
        database = files.database("things.db", script)
        why = "For each query it is the list of its rows, each a tuple, in the order of the queries."
        for workers in (1, 3, 20):
            run = learner.call("query_all", database, queries, workers)
            with explaining(
                "Nothing should be raised here: query_all returns, for each query, the list of its rows. They are fetched as long as the connection is open."
            ):
                run.raise_error()
            run.returned(found, f"{why}{in_another_order(run.value, found)}")
        learner.call("query_all", database, [], 2).returned(
            [], "There are no queries, so there is nothing in the list."
        )


@pytest.mark.points(2)
def test_queries_overlap(learner, rng):
    """Four workers have four connections open at the same time, while the database is locked."""
    script, rows = some_table(rng, 10)
    queries, found = some_queries(rng, rows, 6)
    with learner.files() as files:
        database = files.database("things.db", script)
        with files.locked(database, until=4) as lock:
            run = learner.call("query_all", database, queries, 4)
        run.returned(found, in_another_order(run.value, found).strip())
    connections = "connection was" if lock.peak == 1 else "connections were"
    assert lock.peak >= 4, (
        f"query_all of 6 queries by 4 workers: the check kept the database locked until 4 connections would be open together, "
        f"and at most {lock.peak} {connections}. While one query waits, the others could wait beside it: hand all queries to "
        "the workers before you wait for the first result or the first thread, and let each use a connection of its own."
    )


@pytest.mark.points(2)
def test_a_connection_stays_in_its_thread(learner):
    """No connection is used by two threads, and queries that call Python come to their end."""
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        # While quick ones come and go, connections that lie ready for whoever comes next change hands.
        times = [0.0] * 4 + [0.05] * 16 + [0.0] * 8
        run = learner.probe("query_all", database, [resting(seconds) for seconds in times], 4, limit=LIMIT)
        expected = [[(seconds,)] for seconds in times]
        assert rows_of(run) == expected, (
            f"{run.asked}: the queries should give {expected}, they gave {run.value['rows']}."
        )
    shared = [users for users in run.value["users"] if len(users) > 1]
    if len(run.value["users"]) > 1 < run.value["peak"]:
        why = (
            "Connections that lie ready for whoever comes next change hands. `check_same_thread=False` takes away the guard against it: what one thread leaves open in "
            "a connection, a transaction or a cursor, the next one finds there."
        )
    else:
        why = (
            "SQLite lets them wait for each other, so nothing is gained, even behind a lock of your own. And where SQL calls "
            "Python, such a program can freeze."
        )
    assert not shared, (
        f"query_all of {len(times)} queries by 4 workers: one connection was used by {len(shared[0])} threads, {', '.join(shared[0][:4])}, and "
        f"{'no two queries' if run.value['peak'] == 1 else 'several queries'} ran at once. "
        f"{why} Open a connection in the thread that uses it."
    )


def test_order_is_that_of_the_queries(learner):
    """The slowest query comes first, and its rows too."""
    times = [0.5, 0.2, 0.05, 0.01]
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        run = learner.probe("query_all", database, [resting(seconds) for seconds in times], 4, limit=LIMIT)
    expected = [[(seconds,)] for seconds in times]
    assert rows_of(run) == expected, (
        f"query_all of four queries that take {times} seconds should return {expected}, in the order of the queries; it "
        f"returned {run.value['rows']}. Who asks for results as they come has to know which query each belongs to."
    )


def test_never_more_than_workers_at_once(learner):
    """Of ten queries by three workers never more than three run at once; no worker at all is an error."""
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        run = learner.probe("query_all", database, [resting(0.2)] * 10, 3, limit=LIMIT)
        rows_of(run)
        assert run.value["peak"] <= 3, (
            f"query_all of 10 queries by 3 workers: {run.value['peak']} queries ran at once{': each has a thread of its own' if run.value['peak'] == 10 else ''}. A database serves so many guests "
            "and no more; `workers` threads that take one query after another keep to it."
        )
        for queries in (["SELECT 1"], []):
            learner.call("query_all", database, queries, 0).raises("ValueError", "Nobody could do the work.")


def why_open(seen, queries, when):
    """What may have left connections open."""
    if when == "raised":
        return "Without an error all had been closed: a `close()` behind a query that raises is never come to."
    if len(seen["users"]) < queries:
        return "Each thread kept one for all its queries: a thread of a pool that ends closes nothing."
    if seen["open after with"] == seen["open"]:
        return "A `with` was entered and left with each of them: for a connection that ends a transaction, and does not close it."
    if seen["open after with"]:
        return f"A `with` was entered and left with {seen['open after with']} of them: for a connection that ends a transaction, and does not close it."
    return "No `with` was entered with any of them, and close() was called on none."


def test_every_connection_is_closed(learner):
    """When the call has ended no connection is open, nor after an error."""
    queries = [resting(0.05)] * 6
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        for more, when in (([], "returned"), (["SELECT * FROM nothing"], "raised")):
            run = learner.probe("query_all", database, queries + more, 3, limit=LIMIT)
            seen = run.value
            assert seen["users"], f"query_all of {len(queries + more)} queries opened no connection at all."
            assert seen["open"] == 0, (
                f"When query_all had {when}, {seen['open']} of the {len(seen['users'])} connections that it opened for {len(queries + more)} queries had not been "
                f"closed. {why_open(seen, len(queries + more), when)} Use `contextlib.closing`, or close each one in a `finally`."
            )


def where_it_stayed(kept):
    """Where the error is that nobody raised, by the exceptions that futures got."""
    if kept:
        return f"A future holds the {kept[0]}, and nobody asked that future: its `result()` raises the error again, also where the rows came another way."
    return (
        "No future holds the error, so it was caught on its way (an `except`), or came in a plain thread, where it stays: such a thread has to keep it "
        "for you."
    )


@pytest.mark.points(2)
def test_an_error_is_raised_when_all_have_ended(learner):
    """A query that fails raises its sqlite3.Error, after the others have ended."""
    bad = ["SELECT * FROM nothing", "SELEC 1", "SELECT missing FROM things"]
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        for wrong in bad:
            run = learner.probe(
                "query_all", database, [resting(0.01), wrong, resting(0.4), resting(0.4)], 4, limit=LIMIT
            )
            seen = run.value
            assert seen["error"] is not None, (
                f"The query {wrong!r} fails, so query_all should raise its sqlite3.Error; it returned {seen['rows']}. {where_it_stayed(seen['kept'])}"
            )
            assert seen["running"] == 0, (
                f"query_all raised {seen['error'].type} while {seen['running']} other queries still ran. Let all come to "
                "their end first, and raise then: who catches the error must not meet work that goes on behind its back."
            )
