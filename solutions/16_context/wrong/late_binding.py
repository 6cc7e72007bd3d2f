"""Submits a lambda that looks up `name` and `work` when it is called.

By then the loop is at its end, and each worker handles the last request (MISTAKES.md 4).

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
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = []
        for name, work in requests:
            context = copy_context()
            futures.append(pool.submit(lambda: context.copy().run(handle, name, work)))
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
