"""A writer that goes out puts a permit into a semaphore for each reader that waits.

Whose permit it is no semaphore knows: a reader that comes before one of them has woken up takes it, and overtakes the writer that waits.

Fails: test_no_writer_starves
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.guard = threading.Lock()
        self.for_readers = threading.Semaphore(0)
        self.for_writers = threading.Semaphore(0)
        self.readers = 0
        self.writing = False
        self.waiting_readers = 0
        self.waiting_writers = 0

    def acquire_read(self):
        with self.guard:
            if not self.writing and not self.waiting_writers:
                self.readers += 1
                return
            self.waiting_readers += 1
        self.for_readers.acquire()

    def release_read(self):
        with self.guard:
            if not self.readers:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            if not self.readers:
                self.let_a_writer_in()

    def acquire_write(self):
        with self.guard:
            if not self.writing and not self.readers:
                self.writing = True
                return
            self.waiting_writers += 1
        self.for_writers.acquire()

    def let_a_writer_in(self):
        if self.waiting_writers:
            self.waiting_writers -= 1
            self.writing = True
            self.for_writers.release()

    def release_write(self):
        with self.guard:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            if self.waiting_readers:
                self.readers = self.waiting_readers
                self.for_readers.release(self.waiting_readers)
                self.waiting_readers = 0
            else:
                self.let_a_writer_in()
