"""Has a gate between phases, and before the first one a sleep, "so that all are there" (MISTAKES.md 24).

On a busy machine the last thread is not yet started when the first one has slept.

Fails: test_none_starts_before_all_stand_at_the_gate
"""

import threading
import time


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    gate = threading.Barrier(len(runners))
    ended = [[] for _ in range(phases)]
    errors = []

    def run(index):
        for phase in range(phases):
            try:
                if phase == 0:
                    time.sleep(0.05)
                else:
                    gate.wait()
            except threading.BrokenBarrierError:
                return
            try:
                runners[index](phase)
            except Exception as error:
                errors.append(error)
                gate.abort()
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
