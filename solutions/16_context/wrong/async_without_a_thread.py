"""Calls the works in coroutines, each in a task of its own.

Each task has its own context, so the names are right; but a work that waits stops the loop and everybody in it.

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


async def handle_one(name, work):
    return handle(name, work)


async def handle_all_async(requests):
    return await asyncio.gather(*(handle_one(name, work) for name, work in requests))
