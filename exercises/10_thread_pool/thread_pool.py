"""Kata 10: many tasks, few threads."""

from __future__ import annotations


def label_all(numbers: list[int], workers: int = 3, delay: float = 1.0) -> list[str]:
    """Return the label ``Number: n`` of each of `numbers`, in their order.

    Making a label takes a wait of `delay` seconds, `time.sleep(delay)`, in a thread of a pool. The pool has `workers`
    threads: as long as there is enough to do, all of them wait at once, and never more than that. So 10 numbers on
    3 workers take four rounds of `delay`. Who is done takes the next number at once, even if another is slower. The
    threads don't outlive the work.

    Args:
        numbers: any ints, also none at all, also the same one twice: each takes its own wait, at each call. The list
            stays as it is.
        workers: how many threads the pool has, at least 1.
        delay: seconds that one label takes.

    Returns:
        One label for each number, ``["Number: 1", "Number: 2"]`` for ``[1, 2]``; the empty list for no numbers.

    Raises:
        ValueError: if `workers` is less than 1, even if there are no numbers.
    """
    raise NotImplementedError
