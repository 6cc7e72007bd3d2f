"""Sets the name in the calling thread and hands in the work.

The pool's threads have contexts of their own, which began empty: `log` finds no name there.

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
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = []
        for name, work in requests:
            request_id.set(name)
            futures.append(pool.submit(work, log))
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
