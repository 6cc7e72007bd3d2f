"""Takes all memory that there is."""

held = []


def total(numbers):
    while True:
        held.append(bytearray(b"x") * 2**24)


def say(text):
    print(text)
