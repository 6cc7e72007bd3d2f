"""Asks at a release whether anybody is in, and not whether a reader is, or a writer.

release_read() of a lock that is held for writing takes the count of readers below zero, and release_write() of one held for reading lets a writer in
beside the reader.

Fails: test_a_release_without_a_hold_is_an_error
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0
        self.writing = False
        self.waiting_readers = 0
        self.waiting_writers = 0
        self.turn = 0

    def acquire_read(self):
        with self.changed:
            if self.writing or self.waiting_writers:
                self.waiting_readers += 1
                turn = self.turn
                while self.turn == turn:
                    self.changed.wait()
            else:
                self.readers += 1

    def release_read(self):
        with self.changed:
            if not self.readers and not self.writing:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.waiting_writers += 1
            while self.writing or self.readers:
                self.changed.wait()
            self.waiting_writers -= 1
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing and not self.readers:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.readers = self.waiting_readers
            self.waiting_readers = 0
            self.turn += 1
            self.changed.notify_all()
