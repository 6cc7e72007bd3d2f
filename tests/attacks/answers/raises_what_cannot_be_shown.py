"""Raises an exception whose text, type and name all fail or lie."""


class Liar(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__

    @property
    def __class__(self):
        raise SystemExit(0)


def total(numbers):
    raise Liar


say = total
