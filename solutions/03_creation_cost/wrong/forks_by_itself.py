"""Begins its processes by `os.fork`.

That is the half of what `multiprocessing.Process` does, and there is none on Windows.

Fails: test_every_process_is_started_and_joined
"""

import os
import threading
import time


def creation_cost(kind, workers):
    if kind not in ("thread", "process") or workers < 1:
        raise ValueError("not to be measured")
    begin = time.perf_counter()
    if kind == "thread":
        crew = [threading.Thread() for _ in range(workers)]
        for worker in crew:
            worker.start()
        for worker in crew:
            worker.join()
    else:
        pids = []
        for _ in range(workers):
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            pids.append(pid)
        for pid in pids:
            os.waitpid(pid, 0)
    return (time.perf_counter() - begin) / workers
