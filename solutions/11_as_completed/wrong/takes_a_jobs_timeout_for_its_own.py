"""Catches the TimeoutError of `as_completed` and that of a job in one place.

A job whose server kept silent ends the whole race, though another one would have answered.

Fails: test_the_first_to_succeed_wins
"""

from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    futures = [pool.submit(job) for job in jobs]
    pool.shutdown(wait=False)
    last = None
    for future in as_completed(futures, timeout=timeout):
        try:
            return future.result()
        except TimeoutError:
            raise
        except Exception as error:
            last = error
    raise last


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
