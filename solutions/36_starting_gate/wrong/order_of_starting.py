"""Writes the index down before the call.

That is the order in which they began, or came through the gate, and not the one in which they came in.

Fails: test_the_order_of_ending_is_told
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
            ended[phase].append(index)
            try:
                runners[index](phase)
            except Exception as error:
                errors.append(error)
                gate.abort()
                return

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
