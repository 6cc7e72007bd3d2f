"""Notes by a flag that a writer waits, and does not count them.

Of two writers that wait the first that goes in clears the flag: from then on readers walk past the other.

Fails: test_no_writer_starves
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0
        self.writing = False
        self.waiting_readers = 0
        self.writer_waits = False
        self.turn = 0

    def acquire_read(self):
        with self.changed:
            if self.writing or self.writer_waits:
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
            self.writer_waits = True
            while self.writing or self.readers:
                self.changed.wait()
            self.writer_waits = False
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
