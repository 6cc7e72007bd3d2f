"""Writes a file that is too large."""


def total(numbers):
    with open("large", "wb") as file:
        for _ in range(10_000):
            file.write(bytes(2**20))
    return sum(numbers)


def say(text):
    print(text)
