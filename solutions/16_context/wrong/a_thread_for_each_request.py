"""Begins a thread for each request, and lets `workers` of them through a semaphore.

A new thread has an empty context, so nothing is carried over; but a thousand requests make a thousand threads.

Fails: test_as_many_at_once_as_workers
"""

import asyncio
import threading
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id")


def log(text: str) -> str:
    return f"{request_id.get()}: {text}"


def handle(name, work):
    request_id.set(name)
    return work(log)


def handle_all(requests, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    free = threading.Semaphore(workers)
    texts = [""] * len(requests)

    def handle_one(place, name, work):
        with free:
            texts[place] = handle(name, work)

    threads = [threading.Thread(target=handle_one, args=(place, *request)) for place, request in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return texts


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
