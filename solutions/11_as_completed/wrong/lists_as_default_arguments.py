"""Makes the two lists in the `def` line.

That is done once, when the module is loaded, so the second call finds what the first has kept.

Fails: test_gather_in_the_order_of_completion
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


def gather(jobs, workers, values=[], errors=[]):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            if future.exception() is None:
                values.append(future.result())
            else:
                errors.append(future.exception())
    return values, errors
