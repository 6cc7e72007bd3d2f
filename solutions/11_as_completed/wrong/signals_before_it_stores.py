"""Sets the event and then stores the value.

The one who waits may wake up in between, and finds nothing.

Fails: test_first_success_in_any_order
"""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    over = threading.Event()
    lock = threading.Lock()
    values, errors = [], []

    def run(job):
        try:
            value = job()
        except Exception as error:
            with lock:
                errors.append(error)
                if len(errors) == len(jobs):
                    over.set()
        else:
            over.set()
            values.append(value)

    for job in jobs:
        threading.Thread(target=run, args=(job,), daemon=True).start()
    if not over.wait(timeout):
        raise TimeoutError("no job has succeeded")
    return values[0] if values else errors[-1]


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
