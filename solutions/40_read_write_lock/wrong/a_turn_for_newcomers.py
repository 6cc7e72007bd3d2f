"""The readers' turn lasts until the last of those who waited has woken up.

Who comes before that goes in with them: the thread that gave the lock back, and comes at once to read, overtakes the writer that waits.

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
        self.readers_turn = False

    def acquire_read(self):
        with self.changed:
            self.waiting_readers += 1
            while self.writing or (self.waiting_writers and not self.readers_turn):
                self.changed.wait()
            self.waiting_readers -= 1
            if not self.waiting_readers:
                self.readers_turn = False
            self.readers += 1

    def release_read(self):
        with self.changed:
            if not self.readers:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.waiting_writers += 1
            while self.writing or self.readers or (self.readers_turn and self.waiting_readers):
                self.changed.wait()
            self.waiting_writers -= 1
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.readers_turn = self.waiting_readers > 0
            self.changed.notify_all()
