"""Hands the collecting to the pool that does the jobs.

With one worker that one waits for jobs which wait for it (MISTAKES.md 21); and else there is a worker less.

Fails: test_gather_uses_its_workers
"""

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
    values, errors = [], []

    def collect(futures):
        for future in as_completed(futures):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = []
        collector = pool.submit(lambda: collect([pool.submit(job) for job in jobs]))
        collector.result()
    return values, errors
