"""Returns a small object that grows without end when it is written down."""


def total(numbers):
    value = []
    for _ in range(45):
        value = [value, value]
    return value


def say(text):
    print(text * 2)
