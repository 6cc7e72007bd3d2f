"""Waits for five seconds at most, and then goes in whoever is in.

A hold may last as long as its holder likes: a writer gets in beside a reader.

Fails: test_a_writer_is_alone
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
            if self.readers == 0:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.waiting_writers += 1
            self.changed.wait_for(lambda: not self.writing and not self.readers, timeout=5)
            self.waiting_writers -= 1
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.readers = self.waiting_readers
            self.waiting_readers = 0
            self.turn += 1
            self.changed.notify_all()
