"""The five programs of kata 45, as the lesson shows them, and what hands the answer's schedules over."""

import threading
from collections.abc import Callable
from types import ModuleType


def schedules(answer: ModuleType) -> object:
    """Return what the answer has as SCHEDULES."""
    return getattr(answer, "SCHEDULES", None)


def in_threads(**bodies: Callable[[], object]) -> None:
    """Run each of `bodies` in a thread of that name, and return when all have ended."""
    threads = [threading.Thread(target=body, name=name) for name, body in bodies.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def deposits() -> int:
    """Right: 30, since ann pays in 10 and bob 20."""
    balance = 0

    def deposit(amount: int) -> None:
        nonlocal balance
        seen = balance
        balance = seen + amount  # step

    in_threads(ann=lambda: deposit(10), bob=lambda: deposit(20))
    return balance


def withdrawals() -> int:
    """Right: 20 or 30. There are 100; ann wants 80 and bob 70, and only one of them can get it."""
    balance = 100
    lock = threading.Lock()

    def withdraw(amount: int) -> None:
        nonlocal balance
        with lock:  # step
            enough = balance >= amount
        if enough:
            with lock:  # step
                balance -= amount

    in_threads(ann=lambda: withdraw(80), bob=lambda: withdraw(70))
    return balance


def settings() -> list[int | None]:
    """Right: [7, 7]. Who comes first makes the settings, and both see the limit."""
    made: dict[str, int] | None = None
    lock = threading.Lock()
    seen: list[int | None] = []

    def look() -> None:
        nonlocal made
        if made is None:
            with lock:  # step
                if made is None:
                    made = {}
                    made["limit"] = 7  # step
        seen.append(made.get("limit"))

    in_threads(ann=look, bob=look)
    return seen


def transfers() -> list[int]:
    """Right: [100, 100]. Ann moves 10 from account 0 to account 1, bob 10 back."""
    balances, locks = [100, 100], [threading.Lock(), threading.Lock()]

    def transfer(source: int, target: int) -> None:
        with locks[source]:  # step
            balances[source] -= 10
            with locks[target]:  # step
                balances[target] += 10

    in_threads(ann=lambda: transfer(0, 1), bob=lambda: transfer(1, 0))
    return balances


def cakes() -> list[str]:
    """Right: ["cake", "cake"]. Cid bakes two; ann and bob take one each, and wait while there is none."""
    shelf: list[str] = []
    taken: list[str] = []
    baked = threading.Condition()

    def take() -> None:
        with baked:  # step
            if not shelf:
                baked.wait()
            taken.append(shelf.pop() if shelf else "nothing")

    def bake() -> None:
        for _ in range(2):
            with baked:  # step
                shelf.append("cake")
                baked.notify()

    in_threads(ann=take, bob=take, cid=bake)
    return taken
