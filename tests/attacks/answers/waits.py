"""Tries nothing: waits as it is asked, in two threads at once."""

import threading
import time


def wait_twice(seconds):
    threads = [threading.Thread(target=time.sleep, args=(seconds,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2
