"""Sets each name in the caller's own context, and copies that.

Each request sees its own name; and the caller goes on under the name of the last.

Fails: test_the_caller_keeps_its_value
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
        futures = []
        for name, work in requests:
            request_id.set(name)
            futures.append(pool.submit(copy_context().run, work, log))
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
