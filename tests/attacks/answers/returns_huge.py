"""Returns 50 MB."""


def total(numbers):
    return "x" * 50_000_000


def say(text):
    print(text * 2)
    return [0] * 5_000_000
