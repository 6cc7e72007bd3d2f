"""Lets one thread wait for all numbers at once, by asyncio, and holds them back by a semaphore.

It takes the time that it should, without any thread: what blocks, as time.sleep does, would block them all.

Fails: test_ten_numbers_take_four_rounds, test_rounds_follow_from_workers, test_never_more_than_workers_wait_at_once
"""

import asyncio


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")

    async def main():
        places = asyncio.Semaphore(workers)

        async def label(number):
            async with places:
                await asyncio.sleep(delay)
                return f"Number: {number}"

        return await asyncio.gather(*map(label, numbers))

    return asyncio.run(main())
