"""Sets the names in the caller's own task, one after the other, each with a copy for its thread.

The names are right; the coroutine that awaits this goes on under the last of them.

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
        futures = [pool.submit(copy_context().run, handle, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    tasks = []
    for name, work in requests:
        request_id.set(name)
        tasks.append(asyncio.create_task(asyncio.to_thread(work, log)))
    return [await task for task in tasks]
