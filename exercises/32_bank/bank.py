"""Kata 32: money that many threads move between accounts."""

from __future__ import annotations


class Account:
    """An account that holds a whole amount of money, never less than 0.

    Args:
        balance: what is in it at first, 0 or more.

    Attributes:
        balance: what is in it now. May be a property. It is read when no transfer is under way.
    """

    def __init__(self, balance: int) -> None:
        """Open an account with `balance` in it."""
        raise NotImplementedError


def transfer(a: Account, b: Account, amount: int) -> None:
    """Move `amount` from `a` to `b`.

    Any number of threads may call this at the same time, with the same accounts or with others, in either direction.
    No money is made or lost, no account is ever overdrawn, and no two transfers wait for each other for ever.

    From an account to itself nothing happens, whatever the amount (unless it is negative).

    Args:
        a: the account that pays.
        b: the account that gets the money; may be `a`.
        amount: a whole amount; 0 is allowed.

    Raises:
        ValueError: if `amount` is negative, also where `a` is `b`; else if `a` holds less than `amount`. Then no
            balance has changed, and both accounts can be used as before.
    """
    raise NotImplementedError
