"""Tries nothing: what every attack is compared with."""


def total(numbers):
    return sum(numbers)


def say(text):
    print(text)
