"""One queue for all: a writer that goes out lets in the readers from the first one up to the next writer.

Readers that came behind that writer wait for it too, though they waited when the lock was given back.

Fails: test_no_reader_starves
"""

import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.queue = []
        self.readers = 0
        self.writing = False

    def wait_in_queue(self, kind):
        me = [kind]
        self.queue.append(me)
        while any(one is me for one in self.queue):
            self.changed.wait()

    def let_a_writer_in(self):
        for place, one in enumerate(self.queue):
            if one == ["writer"]:
                del self.queue[place]
                self.writing = True
                break

    def acquire_read(self):
        with self.changed:
            if self.writing or ["writer"] in self.queue:
                self.wait_in_queue("reader")
            else:
                self.readers += 1

    def release_read(self):
        with self.changed:
            if self.readers == 0:
                raise RuntimeError("nobody reads")
            self.readers -= 1
            if self.readers == 0:
                self.let_a_writer_in()
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            if self.writing or self.readers:
                self.wait_in_queue("writer")
            else:
                self.writing = True

    def release_write(self):
        with self.changed:
            if not self.writing:
                raise RuntimeError("nobody writes")
            self.writing = False
            if ["reader"] in self.queue:
                place = self.queue.index(["reader"])
                while self.queue[place:] and self.queue[place] == ["reader"]:
                    del self.queue[place]
                    self.readers += 1
            else:
                self.let_a_writer_in()
            self.changed.notify_all()
