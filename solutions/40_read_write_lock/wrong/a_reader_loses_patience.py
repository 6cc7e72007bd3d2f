"""A reader that has waited for a second goes in if no writer is in.

So readers overtake a writer that waits, only later.

Fails: test_no_writer_starves
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
                    if not self.changed.wait(1) and self.turn == turn and not self.writing:
                        self.waiting_readers -= 1
                        self.readers += 1
                        return
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
            while self.writing or self.readers:
                self.changed.wait()
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
