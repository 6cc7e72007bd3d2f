"""The reference for kata 02."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Process
from threading import Thread
from typing import Any


# What a process is given to do stands at the top level: it travels by its name.
def append(items: list[Any], value: Any) -> None:
    """Append `value` to whatever list this process has."""
    items.append(value)


def longer(items: list[Any], value: Any) -> list[Any]:
    """Return the list of `items` and `value`."""
    return [*items, value]


def append_in_thread(items: list[Any], value: Any) -> list[Any]:
    """Have another thread append `value` to `items`, and return `items`."""
    thread = Thread(target=items.append, args=(value,))
    thread.start()
    thread.join()
    return items


def append_in_process(items: list[Any], value: Any) -> list[Any]:
    """Have another process append `value` to its copy of `items`, and return `items`."""
    process = Process(target=append, args=(items, value))
    process.start()
    process.join()
    return items


def append_and_send_back(items: list[Any], value: Any) -> list[Any]:
    """Have another process make the list of `items` and `value`, and return that."""
    # The pool pickles the arguments, and the result on its way back; leaving the block waits for its process.
    with ProcessPoolExecutor(max_workers=1) as pool:
        return pool.submit(longer, items, value).result()
