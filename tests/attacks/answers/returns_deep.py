"""Returns a list in a list in a list, 100,000 times, and one that holds itself."""


def total(numbers):
    value = []
    for _ in range(100_000):
        value = [value]
    return value


def say(text):
    value = []
    value.append(value)
    print(text * 2)
    return value
