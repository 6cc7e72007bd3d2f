"""Random programs of sleeps and one lock, against a model of them that is not the bubble."""

import heapq
import random
import threading
import time
from collections import deque

from expect import takes


def make_plan(seed):
    """Return for each thread its steps: whether the lock is held meanwhile, and how long it sleeps."""
    draw = random.Random(seed)
    return [
        [(draw.random() < 0.5, round(draw.uniform(0.001, 3), 4)) for _ in range(draw.randint(1, 5))]
        for _ in range(draw.randint(1, 5))
    ]


def play(plan):
    """Return how long each thread of `plan` took, played with real threads."""
    lock, ends = threading.Lock(), [0.0] * len(plan)
    began = time.monotonic()

    def work(number, steps):
        for locked, seconds in steps:
            if locked:
                with lock:
                    time.sleep(seconds)
            else:
                time.sleep(seconds)
        ends[number] = round(time.monotonic() - began, 5)

    threads = [threading.Thread(target=work, args=item) for item in enumerate(plan)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def predict(plan):
    """Return how long each thread of `plan` takes if who waits longest gets the lock once its holder has blocked."""
    now, holder, ends = 0.0, None, [0.0] * len(plan)
    steps = [deque(steps) for steps in plan]
    ready, waiting, asleep = deque(range(len(plan))), deque(), []
    while ready or asleep or waiting:
        if holder is None and waiting:
            ready.appendleft(waiting.popleft())
        if not ready:
            now, number = heapq.heappop(asleep)
            ready.append(number)
            if holder == number:
                holder = None
        number = ready.popleft()
        if not steps[number]:
            ends[number] = round(now, 5)
        elif steps[number][0][0] and holder is not None:
            waiting.append(number)
        else:
            locked, seconds = steps[number].popleft()
            holder = number if locked else holder
            heapq.heappush(asleep, (now + seconds, number))
    return ends


def differences(seeds):
    for seed in seeds:
        plan = make_plan(seed)
        played, predicted = play(plan), predict(plan)
        if played != predicted:
            yield seed, played, predicted


@takes(2535.016, [], within=0.001)
def three_hundred_random_programs_take_the_predicted_times():
    return list(differences(range(300)))
