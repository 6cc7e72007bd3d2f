"""Raises what the runner raised.

It is to be the cause of a BrokenBarrierError: the caller sees that the race was broken, and by what.

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
                gate.abort()
                return
            ended[phase].append(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return ended
