"""Lets one thread do both waits, by asyncio.

It takes the time of one task and its lines interleave, but no second thread was used, and that is what this kata
asks for (asyncio has katas of its own).

Fails: test_two_threads_do_the_waiting
"""

import asyncio
import time


def print_numbers(delay=2.0):
    for number in range(5):
        time.sleep(delay)
        print("Number :", number)


def print_letters(delay=2.0):
    for letter in "ABCDE":
        time.sleep(delay)
        print("Letter :", letter)


def run_sequential(delay=2.0):
    start = time.time()
    print_numbers(delay)
    print_letters(delay)
    return time.time() - start


async def numbers_async(delay):
    for number in range(5):
        await asyncio.sleep(delay)
        print("Number :", number)


async def letters_async(delay):
    for letter in "ABCDE":
        await asyncio.sleep(delay)
        print("Letter :", letter)


async def both(delay):
    await asyncio.gather(numbers_async(delay), letters_async(delay))


def run_threaded(delay=2.0):
    start = time.time()
    asyncio.run(both(delay))
    return time.time() - start
