"""Raises an exception whose text, chain and group are larger than anybody reads."""


def total(numbers):
    error = ValueError("x" * 50_000_000)
    for number in range(10_000):
        after = ExceptionGroup(f"{number}" * 10, [error, error])
        after.__cause__ = error
        error = after if number % 2 else ValueError(str(number) * 1000)
        error.__context__ = after
    raise error


def say(text):
    raise ExceptionGroup("many", [ValueError(str(number)) for number in range(100_000)])
