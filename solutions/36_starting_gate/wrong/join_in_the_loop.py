"""Joins each thread right after it was started (MISTAKES.md 3).

They run one after the other: there is no race at all.

Fails: test_none_starts_before_all_stand_at_the_gate, test_the_order_of_ending_is_told
"""

import threading


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    ended = [[] for _ in range(phases)]
    errors = []

    def run(index, phase):
        try:
            runners[index](phase)
            ended[phase].append(index)
        except Exception as error:
            errors.append(error)

    for phase in range(phases):
        threads = [threading.Thread(target=run, args=(index, phase)) for index in range(len(runners))]
        for thread in threads:
            thread.start()
            thread.join()
        if errors:
            raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
