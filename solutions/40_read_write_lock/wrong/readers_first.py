"""Lets readers in whenever no writer is in.

Readers that take turns keep a waiting writer out for ever: it starves.

Fails: test_no_writer_starves
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
        with self.changed:
            while self.writing or self.readers:
                self.changed.wait()
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.changed.notify_all()
