"""Lets the workers find the present request in an attribute that all of them share.

Between a worker's writing it and reading it another one may have written (MISTAKES.md 9).

Fails: test_names_in_any_order
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id")


def log(text: str) -> str:
    return f"{request_id.get()}: {text}"


def handle(name, work):
    request_id.set(name)
    return work(log)


class Desk:
    present = None


def handle_present(name, work):
    Desk.present = name
    token = request_id.set(Desk.present)
    try:
        return work(log)
    finally:
        request_id.reset(token)


def handle_all(requests, workers):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(handle_present, name, work) for name, work in requests]
    return [future.result() for future in futures]


async def handle_all_async(requests):
    return await asyncio.gather(*(asyncio.to_thread(handle, name, work) for name, work in requests))
