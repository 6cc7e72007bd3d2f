"""Guards the name by a lock that is held while the work is done.

No request sees another's name, since there is never another: the pool's threads wait for each other.

Fails: test_as_many_at_once_as_workers
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id")


def log(text: str) -> str:
    return f"{request_id.get()}: {text}"


def handle(name, work):
    request_id.set(name)
    return work(log)


lock = threading.Lock()


def handle_alone(name, work):
    with lock:
        token = request_id.set(name)
        try:
            return work(log)
        finally:
            request_id.reset(token)


def handle_all(requests, workers):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(handle_alone, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
