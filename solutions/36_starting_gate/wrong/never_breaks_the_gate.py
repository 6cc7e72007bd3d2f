"""Keeps the exception, and does not break the barrier.

The others wait at the gate of the next phase for one who never comes.

Fails: test_an_exception_ends_the_race
"""

import threading


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    gate = threading.Barrier(len(runners))
    ended = [[] for _ in range(phases)]
    errors = []

    def run(index):
        for phase in range(phases):
            try:
                gate.wait()
            except threading.BrokenBarrierError:
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
