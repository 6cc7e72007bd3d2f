"""Sets the name to "" when the work is done.

That is a name too. The thread carries it on, and `log` no longer says that no request is being handled.

Fails: test_a_thread_carries_nothing_over
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id")


def log(text: str) -> str:
    return f"{request_id.get()}: {text}"


def handle(name, work):
    request_id.set(name)
    return work(log)


def handle_and_clear(name, work):
    try:
        return handle(name, work)
    finally:
        request_id.set("")


def handle_all(requests, workers):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(handle_and_clear, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
