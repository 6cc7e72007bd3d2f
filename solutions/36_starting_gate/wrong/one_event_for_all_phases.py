"""Opens an Event when all threads are started.

It begins the race well, and stays open: the fast ones run on into the next phase.

Fails: test_phases_do_not_overlap
"""

import threading


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    go = threading.Event()
    ended = [[] for _ in range(phases)]
    errors = []

    def run(index):
        for phase in range(phases):
            go.wait()
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
    go.set()
    for thread in threads:
        thread.join()
    if errors:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
