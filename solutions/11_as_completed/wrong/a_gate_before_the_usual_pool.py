"""Lets `workers` jobs pass a semaphore, and hands them to `asyncio.to_thread`.

The pool behind that has min(32, cores + 4) threads, whatever the semaphore lets pass.

Fails: test_gather_uses_its_workers
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    futures = [pool.submit(job) for job in jobs]
    pool.shutdown(wait=False)
    for future in as_completed(futures, timeout=timeout):
        if future.exception() is None:
            return future.result()
    raise future.exception()


def gather(jobs, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [], []

    async def main():
        gate = asyncio.Semaphore(workers)

        async def pass_gate(job):
            async with gate:
                try:
                    values.append(await asyncio.to_thread(job))
                except Exception as error:
                    errors.append(error)

        await asyncio.gather(*map(pass_gate, jobs))

    asyncio.run(main())
    return values, errors
