"""Reading Python that is made to take long."""

from __future__ import annotations

import ast
import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from grader.syntax import TooLongError, parsed


@pytest.mark.parametrize("dot", [".", " . ", ".\\\n"])
def test_a_name_of_very_many_parts_is_not_read(dot: str) -> None:
    """CPython 3.11 takes half a minute and 17 GB for one that fills 256 KiB."""
    with pytest.raises(TooLongError, match="a name has more than 4000 dots"):
        parsed(f"import a{f'{dot}b' * 5000}\n")
    assert isinstance(parsed(f"import a{f'{dot}b' * 3000}\n"), ast.Module)


def test_many_numbers_and_ends_of_sentences_are_no_name() -> None:
    parsed("x = [" + "1.5, " * 10_000 + "]\n# " + "A sentence. " * 10_000)


class Finalized:
    """Garbage whose end runs Python, wherever the collector is called: there another thread may go on."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(300):
            pass


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns, and garbage is collected, whenever they may."""
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(30)
    sys.setswitchinterval(1e-6)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless")
def test_threads_may_read_at_the_same_time() -> None:
    """CPython 3.11 fails in one of some hundred readings then, where no lock keeps them apart."""
    text = "x = [1, (2, {3: f(4, 5 + 6)})]\n" * 300
    trees = []

    def read(deeper: int) -> None:
        if deeper:
            read(deeper - 1)
            return
        for _ in range(15):
            for _ in range(50):
                Finalized()
            trees.append(parsed(text))

    threads = [threading.Thread(target=read, args=(7 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(trees) == 60
