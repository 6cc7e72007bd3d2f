"""Keeps its numbers in the class.

All locks share them: who holds one for writing keeps everybody out of every other.

Fails: test_a_hold_belongs_to_the_lock
"""

import threading


class ReadWriteLock:
    changed = threading.Condition()
    state = {"readers": 0, "writing": False, "waiting_readers": 0, "waiting_writers": 0, "turn": 0}

    def acquire_read(self):
        with self.changed:
            if self.state["writing"] or self.state["waiting_writers"]:
                self.state["waiting_readers"] += 1
                turn = self.state["turn"]
                while self.state["turn"] == turn:
                    self.changed.wait()
            else:
                self.state["readers"] += 1

    def release_read(self):
        with self.changed:
            if self.state["readers"] == 0:
                raise RuntimeError("nobody reads")
            self.state["readers"] -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.state["waiting_writers"] += 1
            while self.state["writing"] or self.state["readers"]:
                self.changed.wait()
            self.state["waiting_writers"] -= 1
            self.state["writing"] = True

    def release_write(self):
        with self.changed:
            if not self.state["writing"]:
                raise RuntimeError("nobody writes")
            self.state["writing"] = False
            self.state["readers"] = self.state["waiting_readers"]
            self.state["waiting_readers"] = 0
            self.state["turn"] += 1
            self.changed.notify_all()
