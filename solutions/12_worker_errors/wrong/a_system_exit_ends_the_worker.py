"""Keeps a SystemExit, and ends the worker's loop with it.

With one worker nobody is left to call the tasks that still wait.

Fails: test_system_exit_is_raised_when_all_have_ended
"""

import queue
import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors, exits = {}, {}, []
    todo = queue.SimpleQueue()
    for pair in enumerate(tasks):
        todo.put(pair)

    def work():
        while True:
            try:
                place, task = todo.get_nowait()
            except queue.Empty:
                return
            try:
                values[place] = task()
            except Exception as error:
                errors[place] = error
            except SystemExit as error:
                exits.append(error)
                return

    crew = [threading.Thread(target=work) for _ in range(min(workers, len(tasks)))]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if exits:
        raise exits[0]
    if errors:
        raise ExceptionGroup("tasks failed", [errors[place] for place in sorted(errors)])
    return [values[place] for place in sorted(values)]


class Watch:
    def __enter__(self):
        self.errors = []
        self.before = threading.excepthook
        threading.excepthook = self.keep

    def keep(self, args):
        if isinstance(args.exc_value, Exception):
            self.errors.append(args.exc_value)

    def __exit__(self, kind, error, trace):
        threading.excepthook = self.before
        if not self.errors:
            return
        group = ExceptionGroup("threads failed", self.errors)
        if error is None:
            raise group
        while error.__context__ is not None:
            error = error.__context__
        error.__context__ = group


def watch_threads():
    return Watch()
