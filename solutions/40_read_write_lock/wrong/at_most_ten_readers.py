"""Lets in ten readers and no more: a Semaphore counts them.

Any number may be in.

Fails: test_readers_read_together
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.room = threading.Semaphore(10)
        self.readers = 0
        self.writing = False
        self.waiting_readers = 0
        self.waiting_writers = 0
        self.turn = 0

    def acquire_read(self):
        self.room.acquire()
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
            self.room.release()
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
