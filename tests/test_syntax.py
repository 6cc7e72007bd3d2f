"""Reading Python that is made to take long."""

from __future__ import annotations

import ast

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
