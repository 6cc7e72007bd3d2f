"""Makes a pool and never shuts it down.

Each call leaves its threads behind.

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
    pool = ThreadPoolExecutor(max_workers=workers)
    futures = [pool.submit(copy_context().run, handle, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
