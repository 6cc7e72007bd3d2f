"""Keeps the futures in a dict, by the names of the requests.

Nobody said that names are different: of two requests of the same name, one gets the other's result.

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
        futures = {name: pool.submit(copy_context().run, handle, name, work) for name, work in requests}
    return [futures[name].result() for name, _ in requests]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
