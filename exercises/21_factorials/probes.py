"""What runs beside the answer of kata 21: of long numbers only the lengths are sent."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def factorials(answer: ModuleType, numbers: list[int], workers: int) -> Any:
    """Call `factorials` and return, for each key, how many bits its value has."""
    found = answer.factorials(numbers, workers)
    if not isinstance(found, dict):
        return found
    return {key: value.bit_length() if type(value) is int else value for key, value in found.items()}
