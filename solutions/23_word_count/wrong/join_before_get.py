"""Joins the children before it takes their results out of the queue (MISTAKES.md 28).

That goes well as long as the results fit into the pipe.

Fails: test_many_different_words_come_through
"""

import re
from collections import Counter
from multiprocessing import Process, Queue


def count_file(path):
    counts = Counter()
    kept = ""
    with open(path, encoding="utf-8", errors="replace") as file:
        while piece := file.read(100_000):
            text = kept + piece
            kept = ""
            for word in re.finditer(r"\w+", text):
                if word.end() == len(text):
                    kept = word[0]
                else:
                    counts[word[0].lower()] += 1
    if kept:
        counts[kept.lower()] += 1
    return counts


def count_into(queue, paths):
    counts = Counter()
    for path in paths:
        counts.update(count_file(path))
    queue.put(counts)


def count_words(paths, workers):
    if workers < 1:
        raise ValueError("workers must be 1 or more")
    queue = Queue()
    processes = [Process(target=count_into, args=(queue, paths[place::workers])) for place in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    total = Counter()
    for _ in processes:
        total.update(queue.get())
    return total
