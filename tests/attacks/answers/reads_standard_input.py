"""Waits for somebody to type the answer."""


def total(numbers):
    return int(input())


def say(text):
    print(input() or text)
