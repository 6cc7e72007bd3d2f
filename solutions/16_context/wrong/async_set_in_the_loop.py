"""Sets each name in the coroutine, and makes the calls that `gather` starts later.

`to_thread` copies the context when its coroutine begins to run: by then the last name is set, and it is the caller's
context, too.

Fails: test_async_each_request_has_its_own_name
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
    calls = []
    for name, work in requests:
        request_id.set(name)
        calls.append(asyncio.to_thread(work, log))
    return await asyncio.gather(*calls)
