"""Never breaks the gate: a Barrier with a timeout breaks by itself when somebody does not come.

It breaks just as well when a runner is slower than a minute: the race ends without a word, and phases are missing.

Fails: test_phases_do_not_overlap
"""

import threading


def race(runners, phases=1):
    if not runners or phases < 1:
        raise ValueError("nobody to run, or no phases")
    gate = threading.Barrier(len(runners), timeout=60)
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

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
