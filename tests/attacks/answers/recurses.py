"""Recurses without end."""


def total(numbers):
    return total(numbers)


say = total
