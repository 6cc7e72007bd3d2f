"""Sleeps a while before each phase, so that all are there (MISTAKES.md 24).

Who takes longer than that is still in one phase while the others are in the next.

Fails: test_phases_do_not_overlap
"""

import threading
import time


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    ended = [[] for _ in range(phases)]
    errors = []

    def run(index):
        for phase in range(phases):
            time.sleep(0.1)
            if errors:
                return
            try:
                runners[index](phase)
            except Exception as error:
                errors.append(error)
                return
            ended[phase].append(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
