"""A writer that goes out lets in five of the readers that wait.

The sixth waits for the next writer too: longer than one turn.

Fails: test_no_reader_starves
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0
        self.writing = False
        self.queue = []
        self.waiting_writers = 0

    def acquire_read(self):
        with self.changed:
            if self.writing or self.waiting_writers:
                me = object()
                self.queue.append(me)
                while me in self.queue:
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
            while self.writing or self.readers:
                self.changed.wait()
            self.waiting_writers -= 1
            self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            self.readers = len(self.queue[:5])
            del self.queue[:5]
            self.changed.notify_all()
