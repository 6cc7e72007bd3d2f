"""What the tests know of explored programs."""

from __future__ import annotations

import functools
import json
from typing import Any

from tests.bubble.playing import HERE, child

CASES: dict[str, tuple[str, list[Any], dict[str, Any]]] = {}
"""By title: function of ``programs/races.py``, arguments, options for `explore`."""


def explored_now(*titles: str, program: str = "races", fork: bool = False) -> dict[str, dict[str, Any]]:
    """Explore the cases with these titles in a child, or in a fork of it; by title what `explore.explored` tells."""
    cases = json.dumps([_case(title) for title in titles])
    done = child(str(HERE / "explore.py"), str(HERE / "programs" / f"{program}.py"), cases, *["--fork"] * fork)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return dict(zip(titles, json.loads(done.stdout), strict=True))


explored = functools.lru_cache(explored_now)
"""As `explored_now`, but once for each test run."""


def _case(title: str) -> list[Any]:
    """Return the case that a title means: "count locked 2 2" or "lazily True budget=50"."""
    name, *words = title.split()
    options = dict(word.split("=") for word in words if "=" in word)
    arguments = [_value(word) for word in words if "=" not in word]
    return [name, arguments, {key: _value(value) for key, value in options.items()}]


def _value(word: str) -> Any:
    try:
        return json.loads(word.lower())
    except ValueError:
        return word
