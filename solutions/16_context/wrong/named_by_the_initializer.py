"""Sets the name in the pool's `initializer`.

That runs once for each thread, not for each request: all are handled under the first name.

Fails: test_each_request_has_its_own_name
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


def handle_all(requests, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    names = [name for name, _ in requests]
    with ThreadPoolExecutor(max_workers=workers, initializer=request_id.set, initargs=tuple(names[:1])) as pool:
        futures = [pool.submit(work, log) for _, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
