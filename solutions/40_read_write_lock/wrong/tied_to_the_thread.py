"""The first reader takes an RLock for all of them, the last one gives it back.

An RLock belongs to the thread that took it, and the last reader is often another one: RuntimeError.

Fails: test_a_hold_belongs_to_the_lock
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.room = threading.RLock()
        self.counting = threading.Lock()
        self.readers = 0

    def acquire_read(self):
        with self.counting:
            self.readers += 1
            if self.readers == 1:
                self.room.acquire()

    def release_read(self):
        with self.counting:
            self.readers -= 1
            if self.readers == 0:
                self.room.release()

    def acquire_write(self):
        self.room.acquire()

    def release_write(self):
        self.room.release()
