"""Writes a file that is too large."""


def total(numbers):
    with open("large", "wb") as file:
        file.seek(2**40)
        file.write(b"x")
    return sum(numbers)


def say(text):
    print(text)
