"""Ignores each BrokenBarrierError: "that is the gate, and somebody else has told why".

A runner may raise one of its own, of another gate. Then its failure is lost, and who waits for it waits for ever.

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
        try:
            for phase in range(phases):
                gate.wait()
                runners[index](phase)
                ended[phase].append(index)
        except threading.BrokenBarrierError:
            pass
        except Exception as error:
            errors.append(error)
            gate.abort()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise threading.BrokenBarrierError("a runner failed") from errors[0]
    return ended
