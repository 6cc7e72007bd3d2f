"""Looks whether the lock is free, and takes the condition only to wait or to count.

Between looking and counting another one goes in (MISTAKES.md 9).

Fails: test_a_writer_is_alone
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0
        self.writing = False

    def acquire_read(self):
        with self.changed:
            while self.writing:
                self.changed.wait()
            self.readers += 1

    def release_read(self):
        with self.changed:
            if self.readers == 0:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        while self.writing or self.readers:
            with self.changed:
                if self.writing or self.readers:
                    self.changed.wait()
        with self.changed:
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.changed.notify_all()
