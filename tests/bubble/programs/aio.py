"""asyncio, waited on."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from expect import takes


async def nap(seconds):
    await asyncio.sleep(seconds)
    return seconds


def loop_time():
    return asyncio.get_running_loop().time()


def in_loop(function):
    """Run `function`, a coroutine function, by asyncio.run."""

    def run():
        return asyncio.run(function())

    return run


@takes(3.0, [1, 2, 3])
@in_loop
async def sleeps_are_gathered():
    return await asyncio.gather(nap(1), nap(2), nap(3))


@takes(2.0, ["TimeoutError", 2.0])
@in_loop
async def wait_for_times_out():
    began = loop_time()
    try:
        await asyncio.wait_for(nap(10), 2)
    except TimeoutError as error:
        return [type(error).__name__, round(loop_time() - began, 6)]


@takes(1.5, "TimeoutError")
@in_loop
async def a_timeout_is_a_context():
    try:
        async with asyncio.timeout(1.5):
            await nap(10)
    except TimeoutError as error:
        return type(error).__name__


@takes(3.0, [0, 1, 2])
@in_loop
async def a_queue_hands_items_on():
    queue, got = asyncio.Queue(1), []

    async def produce():
        for number in range(3):
            await asyncio.sleep(1)
            await queue.put(number)

    task = asyncio.create_task(produce())
    for _ in range(3):
        got.append(await queue.get())
    await task
    return got


@takes(3.0, 1)
@in_loop
async def a_lock_lets_one_through():
    lock, inside, peak = asyncio.Lock(), [], []

    async def work():
        async with lock:
            inside.append(1)
            peak.append(len(inside))
            await asyncio.sleep(1)
            inside.pop()

    await asyncio.gather(work(), work(), work())
    return max(peak)


@takes(2.0, [True, 2])
@in_loop
async def an_event_and_a_semaphore_wait():
    event, semaphore, woken = asyncio.Event(), asyncio.Semaphore(2), []

    async def work():
        async with semaphore:
            await event.wait()
            woken.append(1)

    tasks = [asyncio.create_task(work()) for _ in range(2)]
    await asyncio.sleep(2)
    event.set()
    await asyncio.gather(*tasks)
    return [event.is_set(), len(woken)]


@takes(5.0, 10)
@in_loop
async def to_thread_runs_beside_a_ticking_task():
    ticks = []

    async def tick():
        while True:
            await asyncio.sleep(0.5)
            ticks.append(1)

    ticking = asyncio.create_task(tick())
    await asyncio.to_thread(time.sleep, 5)
    await asyncio.sleep(0)
    ticking.cancel()
    return len(ticks)


@takes(2.0, [2, 1])
@in_loop
async def a_pool_of_threads_serves_the_loop():
    def block(seconds):
        time.sleep(seconds)
        return seconds

    with ThreadPoolExecutor(2) as pool:
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(pool, block, seconds) for seconds in (2, 1)))


@takes(2.0, ["one", "two"])
@in_loop
async def a_task_group_waits_for_its_tasks():
    done = []

    async def work(seconds, word):
        await asyncio.sleep(seconds)
        done.append(word)

    async with asyncio.TaskGroup() as group:
        group.create_task(work(2, "two"))
        group.create_task(work(1, "one"))
    return done


@takes(1.0, ["ValueError", ["cancelled"]])
@in_loop
async def a_task_group_cancels_what_is_left():
    seen = []

    async def fail():
        await asyncio.sleep(1)
        raise ValueError

    async def linger():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            group.create_task(linger())
    except ExceptionGroup as errors:
        return [type(errors.exceptions[0]).__name__, seen]


@takes(3.0, [1, 2, 3])
@in_loop
async def awaitables_come_as_they_complete():
    return [await future for future in asyncio.as_completed([nap(3), nap(1), nap(2)])]


@takes(1.0, [*range(20)])
@in_loop
async def awaitables_are_started_in_the_order_given():
    started = []

    async def work(number):
        started.append(number)
        await asyncio.sleep(1)

    for future in asyncio.as_completed([work(number) for number in range(20)]):
        await future
    return started


@takes(3.0, [0, 1, 2, 3, 4, 5, 6, 7])
@in_loop
async def a_set_of_tasks_is_gone_through_in_order():
    done, _ = await asyncio.wait({asyncio.create_task(nap(3), name=str(number)) for number in range(8)})
    return [int(task.get_name()) for task in done]


@takes(2.0, "called")
@in_loop
async def another_thread_wakes_the_loop():
    loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def work():
        time.sleep(2)
        loop.call_soon_threadsafe(future.set_result, "called")

    threading.Thread(target=work).start()
    return await future


@takes(2.0, 2)
def a_loop_runs_in_another_thread():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    result = asyncio.run_coroutine_threadsafe(nap(2), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    return result


@takes(1.0, b"HELLO\n")
@in_loop
async def a_server_and_its_client_talk():
    async def serve(reader, writer):
        line = await reader.readline()
        await asyncio.sleep(1)
        writer.write(line.upper())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line


@takes(4.0, ["first", 4.0])
@in_loop
async def what_is_not_waited_for_any_longer_is_cancelled():
    began = loop_time()
    tasks = [asyncio.create_task(nap(seconds)) for seconds in (4, 1000)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return ["first" if tasks[0] in done else "second", round(loop_time() - began, 6)]
