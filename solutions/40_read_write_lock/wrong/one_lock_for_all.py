"""Uses one plain lock for readers and writers.

A writer is alone, and so is every reader: that is what the kata is to do better.

Fails: test_readers_read_together
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.lock = threading.Lock()

    def acquire_read(self):
        self.lock.acquire()

    def release_read(self):
        self.lock.release()

    def acquire_write(self):
        self.lock.acquire()

    def release_write(self):
        self.lock.release()
