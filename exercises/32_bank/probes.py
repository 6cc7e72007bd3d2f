"""What runs beside the answer of kata 32."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from types import ModuleType

from grader.inside.register import Register

REFUSED = "ValueError"
DONE = "done"


def attempt(answer: ModuleType, payer: object, payee: object, amount: int) -> str:
    """Transfer, and return whether that was done or refused."""
    try:
        answer.transfer(payer, payee, amount)
    except ValueError:
        return REFUSED
    return DONE


def in_turn(
    answer: ModuleType, balances: list[int], transfers: list[tuple[int, int, int]]
) -> list[tuple[str, list[int]]]:
    """Make each transfer (payer, payee, amount) after the other; return for each what came of it, and all balances."""
    accounts = [answer.Account(balance) for balance in balances]
    story = []
    for payer, payee, amount in transfers:
        told = attempt(answer, accounts[payer], accounts[payee], amount)
        story.append((told, [account.balance for account in accounts]))
    return story


def at_once(answer: ModuleType, balances: list[int], threads: list[list[tuple[int, int, int]]]) -> dict[str, list]:
    """Give each thread its list of transfers; return what came of each, and all balances at the end.

    What came of a transfer is written down by its thread alone, so that nothing but the answer is shared.
    """
    accounts = [answer.Account(balance) for balance in balances]
    told: list[list[str]] = [[] for _ in threads]

    def work(number: int) -> None:
        for payer, payee, amount in threads[number]:
            told[number].append(attempt(answer, accounts[payer], accounts[payee], amount))

    crew = [Thread(target=work, args=(number,), name=f"thread {number + 1}") for number in range(len(threads))]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    end_pools(answer)
    return {"told": told, "balances": [account.balance for account in accounts]}


def end_pools(answer: ModuleType) -> None:
    """End the pools that the answer keeps for all transfers, as Python does when a program ends."""
    for kept in vars(answer).values():
        if isinstance(kept, ThreadPoolExecutor):
            kept.shutdown()


def many(answer: ModuleType, count: int, times: int) -> dict[str, list]:
    """Let `count` threads pay 1 to the next account and 1 to the one before, `times` times."""
    turn = [[(number, (number + step) % count, 1) for step in (1, -1)] * times for number in range(count)]
    ended = at_once(answer, [2 * times] * count, turn)
    return {"told": sorted({word for words in ended["told"] for word in words}), "balances": ended["balances"]}


class Amount(int):
    """A number that tells the judge when it is added or taken away, and lets others run before the result is there."""

    register: Register

    @classmethod
    def of(cls, value: int, register: Register) -> Amount:
        """Return `value` as such a number."""
        amount = cls(value)
        amount.register = register
        return amount

    def __add__(self, other: int) -> int:
        """Return the sum, as a plain number."""
        self.register.say("adds", other)
        return int(self) + other

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        """Return the difference, as a plain number."""
        self.register.say("takes", other)
        return int(self) - other

    def __rsub__(self, other: int) -> int:
        """Return the difference, as a plain number."""
        self.register.say("takes", other)
        return other - int(self)


def pays_for_the_judge(answer: ModuleType, address: str, balances: list[int], threads: int) -> list[int]:
    """Let `threads` threads begin together and make the transfers (payer, payee, amount) that the judge has for them.

    Each tells the judge what came of it. Return all balances at the end.
    """
    register = Register(address)
    accounts = [answer.Account(balance) for balance in balances]

    def work() -> None:
        register.meet("start", threads)
        while (task := register.take()) is not None:
            payer, payee, amount = task
            try:
                told = attempt(answer, accounts[payer], accounts[payee], Amount.of(amount, register))
            except TypeError:  # it takes no int but plain ones, and has changed nothing
                told = attempt(answer, accounts[payer], accounts[payee], amount)
            register.say(told, payer, payee, amount)

    crew = [Thread(target=work, name=f"thread {number + 1}") for number in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return [account.balance for account in accounts]
