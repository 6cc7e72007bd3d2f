"""Writes `pool.submit(handle(name, work))`.

The work is done in the calling thread, and its context is changed; the pool is handed a string (MISTAKES.md 1).

Fails: test_each_request_has_its_own_name
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

request_id: ContextVar[str] = ContextVar("request_id")


def log(text: str) -> str:
    return f"{request_id.get()}: {text}"


def handle(name, work):
    request_id.set(name)
    return work(log)


def handle_all(requests, workers):
    strings = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for name, work in requests:
            strings.append(copy_context().run(handle, name, work))
            pool.submit(strings[-1])
    return strings


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
