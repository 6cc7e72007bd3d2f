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
LOCKED = 1.5
"""Seconds for which somebody else holds the database locked."""
MANY = 70
"""Workers: more than anybody who caps them would guess."""
CALLER = "MainThread"
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty")

SOME_SCHEDULES = 24
"""Of three queries by two workers; who hands connections on does so in the first ones."""

HANDED_ON = (
    "Connections that lie ready for whoever comes next change hands. `check_same_thread=False` takes away the guard against it: what one thread leaves open in "
    "a connection, a transaction or a cursor, the next one finds there."
)
TOGETHER = (
    "SQLite lets them wait for each other, so nothing is gained, even behind a lock of your own. And where SQL calls "
    "Python, such a program can freeze."
)
OPEN_THERE = "Open a connection in the thread that uses it."


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


def meeting(count, rows=1):
    """A query that waits in each of its rows until `count` queries do so."""
    return f"SELECT meet({count}) FROM things WHERE id < {rows}"  # noqa: S608 - our own


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


def some_texts():
    """Queries with what stands for something elsewhere, and rows that are not unique or not ascending; their rows."""
    return [
        ("SELECT 'One; two, 100 % {x} ?' AS Text, 'a\nb'", [("One; two, 100 % {x} ?", "a\nb")]),
        ("SELECT id % 3 FROM things ORDER BY id DESC LIMIT 6", [(2,), (1,), (0,), (2,), (1,), (0,)]),
    ]


def assert_all_rows(learner, database, count):
    """A query of `count` rows gives all of them."""
    query = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n"  # noqa: S608 - our own
    value = learner.call("query_all", database, [query], 1).value
    rows = value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else []
    assert rows == [(number + 1,) for number in range(count)], (
        f"A query has {count} rows, (1,) to ({count},); query_all gave {len(rows)} for it. `fetchall` gives all that there are, `fetchmany` only some."
    )


def assert_each_run_anew(learner, files):
    """A query that is there six times is run six times, and in the next call again."""
    database = files.database("changing.db", "CREATE TABLE things (id); INSERT INTO things VALUES (1);")
    run = learner.probe("query_all", database, [resting(0.0)] * 6, 2, limit=LIMIT)
    rows_of(run)
    assert run.value["ended"] == 6, (
        f"query_all of six times the same query, which counts how often it is run: it was run {run.value['ended']} times. Run each as often as it is in the list: what a "
        "query gives may be another thing each time."
    )
    before, after = learner.probe(
        "query_all_twice", database, ["SELECT * FROM things"], "UPDATE things SET id = 2", 2
    ).value
    assert [before, after] == [[[(1,)]], [[(2,)]]], (
        f"query_all was called for the rows of a table, then for a query that fails; somebody changed the row (1,) to (2,), and it was called as at first. That gave {before} at first, and "
        f"{after} at last. Nothing may be kept from one call to the next, neither rows nor errors: who asks again wants to know what is there now."
    )


def test_rows_of_each_query(learner, rng):
    """Each query gives its rows, as `fetchall` does; no rows, no queries and one worker are no special cases."""
    script, rows = some_table(rng, 30)
    queries, found = some_queries(rng, rows, 12)
    queries += ["SELECT * FROM things WHERE id < 0", queries[0]]
    found += [[], found[0]]
    for query, its in some_texts():
        queries.append(query)
        found.append(its)
    with learner.files() as files:
        database = files.database("things #1 of 2.db", script)
        why = "For each query it is the list of its rows, each a tuple, in the order of the queries."
        for workers in (1, 3, 20):
            run = learner.call("query_all", database, queries, workers)
            with explaining(
                "Nothing should be raised here: query_all returns, for each query, the list of its rows. They are fetched as long as the connection is open."
            ):
                run.raise_error()
            assert not isinstance(run.value, list) or len(run.value) == len(queries), (
                f"query_all of {len(queries)} queries, the first of which comes twice, by {workers} worker{'s' if workers > 1 else ''} returned a list of {len(run.value)}: there is one of rows for each query, also where "
                "two are the same."
            )
            run.returned(found, f"{why}{in_another_order(run.value, found)}")
        learner.call("query_all", database, [], 2).returned(
            [], "There are no queries, so there is nothing in the list."
        )
        assert_all_rows(learner, database, 2500)
        assert_each_run_anew(learner, files)


def what_keeps_out(seen):
    """What may keep queries from running beside others, by whether those that ran were in transactions."""
    if seen["in transactions"]:
        return "What ran was in a transaction: does that keep the others out?"
    return "What ran was in no transaction: is there a lock around the query or its `fetchall`, or are there fewer threads than workers?"


def assert_they_meet(learner, database, workers, rows):
    """As many queries as workers run at the same time, in each of their rows."""
    run = learner.probe("query_all", database, [meeting(workers, rows)] * workers, workers, limit=LIMIT)
    found = rows_of(run)
    seen = run.value["given up"]
    assert seen is None, (
        f"query_all of {workers} queries by {workers} workers: each query waits, in each of its {rows} rows, until all {workers} have got there. After 2 s at most {seen} "
        f"{'was' if seen == 1 else 'were'} there, so no more ran at the same time. {what_keeps_out(run.value)} Connections that are open together are not enough."
    )
    assert found == [[(workers,)] * rows] * workers, (
        f"{run.asked}: each query should give {rows} rows ({workers},), it gave {found}."
    )


def assert_none_idle(learner, database):
    """Whoever has ended a query goes on to the next one that is left."""
    run = learner.probe("query_all", database, ["SELECT after(8)"] + [resting(0.0)] * 8, 2, limit=LIMIT)
    rows_of(run)
    seen = run.value["given up"]
    assert seen is None, (
        f"query_all of 9 queries by 2 workers: the first waits until the other 8 have ended. After 2 s {seen} of them had, and the rest was not begun, though one worker had nothing "
        "to do. No query belongs to a certain worker, or to a batch that is waited for: whoever has ended one takes the next that is left."
    )


@pytest.mark.points(2)
def test_queries_overlap(learner, rng):
    """As many queries as workers run at the same time, as long as there are enough; a file that is locked is waited for."""
    script, rows = some_table(rng, 10)
    queries, found = some_queries(rng, rows, 6)
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", script)
        # There is no fifth connection, so the lock lasts as long as its patience.
        with files.locked(database, until=5, patience=LOCKED) as lock:
            run = learner.call("query_all", database, queries, 4)
        assert run.error is None or "locked" not in run.error.text, (
            f"Somebody else held the database locked for {LOCKED} s, and query_all raised {run.error.type}: {run.error.text}. `sqlite3.connect` waits for 5 s by itself, so nothing should be "
            "raised: leave its `timeout` alone."
        )
        run.returned(found, in_another_order(run.value, found).strip())
        connections = "connection was" if lock.peak == 1 else "connections were"
        assert lock.peak >= 4, (
            f"query_all of 6 queries by 4 workers: the check kept the database locked for {LOCKED} s, "
            f"and at most {lock.peak} {connections} open then. While one query waits, the others could wait beside it: hand all queries to "
            "the workers before you wait for the first result or the first thread, and let each use a connection of its own."
        )
        assert_they_meet(learner, database, 4, 2)
        assert_they_meet(learner, database, MANY, 1)
        assert_none_idle(learner, database)


def called_by_caller(seen):
    """Which methods the calling thread called on connections, or their cursors, that another thread used too."""
    called = [
        f"`{name}`"
        for users, names in zip(seen["users"], seen["called by the caller"], strict=False)
        if len(users) > 1
        for name in names
    ]
    return f"{CALLER} called {' and '.join(dict.fromkeys(called))} on them, which is a use. " if called else ""


@pytest.mark.points(2)
def test_a_connection_stays_in_its_thread(learner):
    """No connection is used by two threads, and queries that call Python come to their end."""
    # While quick ones come and go, connections that lie ready for whoever comes next change hands.
    times = [0.0] * 4 + [0.05] * 16 + [0.0] * 8
    with learner.files() as files, explaining(FROZEN):
        database = files.database(
            "things.db", "CREATE TABLE things (id); INSERT INTO things VALUES (-9223372036854775808);"
        )
        run = learner.probe("query_all", database, [resting(seconds) for seconds in times], 4, limit=LIMIT)
        failing = learner.probe(
            "query_all_failing",
            database,
            ["SELECT pause(0.1) + abs(id) FROM things", resting(0.4), resting(0.4)],
            3,
            limit=LIMIT,
        )
        expected = [[(seconds,)] for seconds in times]
        assert rows_of(run) == expected, (
            f"{run.asked}: the queries should give {expected}, they gave {run.value['rows']}."
        )
    shared = [users for users in run.value["users"] if len(users) > 1]
    by_caller = [users for users in shared if CALLER in users]
    calls = called_by_caller(run.value)
    assert len(by_caller) < len(shared) or not shared or run.value["peak"] == 1, (
        f"query_all of {len(times)} queries by 4 workers: {len(by_caller)} connections were used by a worker and by the calling thread, {', '.join(by_caller[0])}. {calls}Only closing may be left to "
        "another thread."
    )
    several = len(run.value["users"]) > 1 < run.value["peak"]
    why = HANDED_ON if several else TOGETHER
    assert not shared, (
        f"query_all of {len(times)} queries by 4 workers: one connection was used by {len(shared[0])} threads, {', '.join(shared[0][:4])}, and "
        f"{'no two queries' if run.value['peak'] == 1 else 'several queries'} ran at once. "
        f"{why} {OPEN_THERE}"
    )
    found = learner.explore("shared", 3, 2, budget=SOME_SCHEDULES)
    if found.fault is None:  # what is wrong else is the matter of other checks
        found.only(
            [],
            f"These are the threads of each connection that several used, of 3 queries by 2 workers. {HANDED_ON} {OPEN_THERE}",
        )
    touched = [users for users in failing.value["users"] if len(users) > 1]
    assert not touched, (
        f"query_all of three queries, of which one fails, by 3 workers: one connection was used by {', '.join(touched[0])}. After an error too, only closing may be left to another "
        "thread; `interrupt`, `rollback` and the rest are uses."
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
    """Of ten queries never more run at once than there are workers; no worker at all is an error."""
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        for workers, seconds in ((3, 0.1), (1, 0.02), (7, 0.1)):
            run = learner.probe("query_all", database, [resting(seconds)] * 10, workers, limit=LIMIT)
            rows_of(run)
            assert run.value["peak"] <= workers, (
                f"query_all of 10 queries by {workers} worker{'s' if workers > 1 else ''}: {run.value['peak']} queries ran at once{': each has a thread of its own' if run.value['peak'] == 10 else ''}. A database serves so many guests "
                "and no more; `workers` threads that take one query after another keep to it."
            )
        for queries, workers in ((["SELECT 1"], 0), ([], 0), (["SELECT 1"], -3)):
            learner.call("query_all", database, queries, workers).raises("ValueError", "Nobody could do the work.")


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
    closed = len(seen["users"]) - seen["open"]
    if closed:
        return f"close() was called on the other {closed}, and on none of these."
    return "No `with` was entered with any of them, and close() was called on none."


def test_every_connection_is_closed(learner):
    """When the call has ended no connection is open, nor after an error."""
    queries = [resting(0.05)] * 6
    with learner.files() as files, explaining(FROZEN):
        database = files.database("things.db", "CREATE TABLE things (id);")
        for more, when in (([], "returned"), (["SELECT * FROM nothing"], "raised")):
            asked = "query_all_failing" if more else "query_all"
            seen = learner.probe(asked, database, queries + more, 3, limit=LIMIT).value
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


FAILING = (
    ("SELECT * FROM nothing", "OperationalError"),
    ("SELECT missing FROM things", "OperationalError"),
    ("SELECT ?", "ProgrammingError"),
    ("SELECT abs(id) FROM things", "OperationalError"),  # the first row is right, the second is too large
)


def assert_raised(seen, query, kind):
    """What a failing query raises is raised."""
    error = seen["error"]
    assert error is not None, (
        f"The query {query!r} fails, so query_all should raise its sqlite3.{kind}; it returned {seen['rows']}. {where_it_stayed(seen['kept'])}"
    )
    assert kind in error.bases, (
        f"The query {query!r} fails with a sqlite3.{kind}, and query_all raised {error.type}: {error.text}. Raise what the query raised: who calls catches `sqlite3.Error`, and wants to know which it was."
    )


@pytest.mark.points(2)
def test_an_error_is_raised_when_all_have_ended(learner):
    """A query that fails raises its sqlite3.Error, after the others have been run to their end."""
    with learner.files() as files, explaining(FROZEN):
        database = files.database(
            "things.db", "CREATE TABLE things (id); INSERT INTO things VALUES (1), (-9223372036854775808);"
        )
        for place, (wrong, kind) in enumerate(FAILING):
            queries = [resting(0.01), resting(0.3), resting(0.3)]
            queries.insert((1, 0, 3, 2)[place], wrong)
            seen = learner.probe("query_all_failing", database, queries, 4, limit=LIMIT).value
            assert_raised(seen, wrong, kind)
            assert seen["running"] == 0, (
                f"query_all raised {seen['error'].type} while {seen['running']} other queries still ran. Let all come to "
                "their end first, and raise then: who catches the error must not meet work that goes on behind its back."
            )
        queries = ["SELECT * FROM nothing", "SELECT after(6)"] + [resting(0.0)] * 6
        seen = learner.probe("query_all_failing", database, queries, 2, limit=LIMIT).value
        others = "query_all of 8 queries by 2 workers, of which the first fails at once, and the second waits until the six behind it have ended"
        assert seen["ended"] == 7, (
            f"{others}: {seen['ended']} of these seven were run. The others are run all the same: catch the error of a query where that query is run, and give up no query for it."
        )
        assert seen["given up"] is None, (
            f"{others}: after 2 s {seen['given up']} of the six had. As long as there are enough queries left, `workers` of them run at the same time, also after one has failed."
        )
