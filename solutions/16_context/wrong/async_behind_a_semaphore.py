"""Lets five requests at a time through a semaphore.

Not all are handed over before the first is waited for: the sixth waits in the loop.

Fails: test_async_all_at_once
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
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(copy_context().run, handle, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    free = asyncio.Semaphore(5)

    async def handle_one(name, work):
        async with free:
            return await asyncio.to_thread(handle, name, work)

    return await asyncio.gather(*(handle_one(name, work) for name, work in requests))
