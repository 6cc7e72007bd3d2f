"""Programs with lines marked for `follow`. Who does what is told in what they return."""

import threading


def in_threads(**bodies):
    threads = [threading.Thread(target=body, name=name) for name, body in bodies.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def marks():
    """Two lines each, of which the second is marked; then a loop, a branch, a while and a with."""
    done = []

    def work(name):
        done.append(f"{name} begins")
        done.append(f"{name} 1")  # step
        for number in range(2):
            done.append(f"{name} loop {number}")  # step
        if done is None:  # step
            done.append("never")
        elif name == "ann":  # step
            done.append(f"{name} branch")
        left = 2
        while left:  # step
            left -= 1
            done.append(f"{name} while")
        with lock:  # step
            done.append(f"{name} with")
        done.append(f"{name} ends")

    lock = threading.Lock()
    in_threads(ann=lambda: work("ann"), bob=lambda: work("bob"))
    return done


def deposits():
    balance = 0

    def deposit(amount):
        nonlocal balance
        seen = balance
        balance = seen + amount  # step

    in_threads(ann=lambda: deposit(10), bob=lambda: deposit(20))
    return balance


def transfers():
    first, second = threading.Lock(), threading.Lock()

    def transfer(source, target):
        with source:  # step
            with target:  # step
                pass

    in_threads(ann=lambda: transfer(first, second), bob=lambda: transfer(second, first))
    return "done"


def cakes():
    shelf, taken = [], []
    baked = threading.Condition()

    def take():
        with baked:  # step
            if not shelf:
                baked.wait()
            taken.append(threading.current_thread().name if shelf and shelf.pop() else "nothing")

    def bake():
        for _ in range(2):
            with baked:  # step
                shelf.append("cake")
                baked.notify()

    in_threads(ann=take, bob=take, cid=bake)
    return taken


def starts_late():
    """The main thread starts one after the other has ended, and does a marked line itself."""
    done = []
    for name in ("ann", "bob"):
        thread = threading.Thread(target=lambda name=name: done.append(name), name=name)
        done.append("main")  # step
        thread.start()
        thread.join()
    return done


def raises():
    def body():
        raise ValueError("no")  # step

    in_threads(ann=body)


def endless():
    stop = []

    def body():
        while not stop:
            stop.append(1)
            stop.pop()

    in_threads(ann=body)
