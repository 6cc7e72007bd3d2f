"""Raises only if somebody has met the broken barrier.

In the last phase nobody comes to it any more: the race ends well, with a runner missing.

Fails: test_an_exception_ends_the_race
"""

import threading


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    gate = threading.Barrier(len(runners))
    ended = [[] for _ in range(phases)]
    errors = []
    broken = []

    def run(index):
        for phase in range(phases):
            try:
                gate.wait()
            except threading.BrokenBarrierError:
                broken.append(index)
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
    if broken:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
