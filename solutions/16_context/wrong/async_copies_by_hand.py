"""Uses `run_in_executor`, and hands it a copy of the context.

It does by hand what `to_thread` does; the docstring asks for that.

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
    loop = asyncio.get_running_loop()
    calls = [loop.run_in_executor(None, copy_context().run, handle, name, work) for name, work in requests]
    return await asyncio.gather(*calls)
