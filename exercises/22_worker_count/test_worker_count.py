"""The checks of kata 22: the answer's process is given some of the CPUs, by the system, and must count those."""

import contextlib
import os

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import brief, same

AT_LEAST_ONE = "A pool of no workers is refused, so it is at least 1."


def usable():
    """The numbers of the CPUs that a process may use here; the answer's has the same ones as this."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def elsewhere(learner, name, call, cpus):
    """What a call of the function `name` gives where os tells of so many CPUs, all usable; None if nothing came of it."""
    with learner.aside(), contextlib.suppress(LearnerFault, LookupError, TypeError):
        return learner.probe("workers_elsewhere", name, [call], cpus, cpus).value[0]
    return None


def assert_waiting(learner, run, call, right):
    """The call gave the right number of waiting workers; else tell what the number depends on."""
    if same(run.value, right):
        return
    tasks, *cap = call
    why = (
        f"One for each task, but no more than the cap, which is {f'{cap[0]} here' if cap else '32 if nothing is said'}."
    )
    if cap:
        with learner.aside(), contextlib.suppress(LearnerFault):
            if same(learner.call("io_workers", tasks).value, run.value):
                why += f" io_workers({tasks}) gave {brief(run.value)} too: that a cap was given made no difference."
    cpus = 3 if len(usable()) != 3 else 5
    there = elsewhere(learner, "io_workers", call, cpus)
    if there is not None and not same(there, run.value):
        why += f" Where os tells of {cpus} CPUs, the same call gave {brief(there)}. The CPUs should have no say: who waits needs none."
    run.returned(right, why)


@pytest.mark.points(2)
def test_waiting_takes_a_worker_a_task_up_to_the_cap(learner, rng):
    """io_workers is the number of tasks, but no more than the cap."""
    for tasks in (1, 31, 32, 33, rng.randint(34, 10_000)):
        assert_waiting(learner, learner.call("io_workers", tasks), [tasks], min(tasks, 32))
    cap = rng.randint(40, 500)
    for tasks in (cap - 7, cap, cap + 1, 3 * cap):
        assert_waiting(learner, learner.call("io_workers", tasks, cap), [tasks, cap], min(tasks, cap))
        assert_waiting(learner, learner.call("io_workers", tasks, cap=cap), [tasks, cap], min(tasks, cap))


def test_no_tasks_take_one_waiting_worker(learner):
    """io_workers is 1 where there are no tasks."""
    learner.call("io_workers", 0).returned(1, AT_LEAST_ONE)
    learner.call("io_workers", 0, 5).returned(1, AT_LEAST_ONE)


def of_all(learner, run, count):
    """How the number of workers has to do with that of the CPUs, where there are more tasks than these."""
    if run.children:
        return "A program was started to count them. nproc obeys OMP_NUM_THREADS, which is 1 here and may be anything: ask by a function of os."
    told = ""
    cpus = 16 if count != 16 else 32
    there = elsewhere(learner, "cpu_workers", [1000], cpus)
    if there is not None and not same(there, cpus):
        told = f"Where os tells of {cpus} usable CPUs, cpu_workers(1000) gave {brief(there)}. "
    if isinstance(run.value, float):
        return f"{told}A pool wants an int; it refuses a float."
    more = isinstance(run.value, int) and run.value > count
    return told + ("More processes than CPUs would take turns." if more else "With fewer a CPU has nothing to do.")


@pytest.mark.points(2)
def test_computing_takes_a_worker_a_usable_cpu(learner, rng):
    """cpu_workers is the number of usable CPUs, but no more than there are tasks, and at least 1."""
    count = len(usable())
    usable_here = f"Here {count} CPUs are usable, and no reserve was asked for, so all of them count."
    for tasks in (count, count + 1, rng.randint(1000, 10**6)):
        run = learner.call("cpu_workers", tasks)
        if not same(run.value, count):
            run.returned(count, f"{usable_here} {of_all(learner, run, count)}")
    learner.call("cpu_workers", 1).returned(
        1, f"{usable_here} There is one task, though: more processes than tasks have nothing to do."
    )
    learner.call("cpu_workers", 0).returned(1, AT_LEAST_ONE)


@pytest.mark.points(2)
def test_the_reserve_is_left_to_others(learner, rng):
    """cpu_workers leaves the reserve to others, and has a worker all the same."""
    count = len(usable())
    if count > 1:
        tasks = count - 1
        learner.call("cpu_workers", tasks, 1).returned(
            tasks,
            f"{count} CPUs are usable here, 1 is left to others, and so {tasks} may work: as many as there are tasks. The reserve is taken off "
            "the CPUs, before you compare with the tasks; not off the workers.",
        )
    for reserve in range(1, count):
        run = learner.call("cpu_workers", 1000, reserve)
        run.returned(count - reserve, f"{count} CPUs are usable here, and {reserve} of them are left to others.")
    for reserve in (count, count + rng.randint(1, 100)):
        run = learner.call("cpu_workers", 1000, reserve=reserve)
        run.returned(
            1, f"{count} CPUs are usable here, so the reserve takes them all; somebody must work nevertheless."
        )
    run = learner.call("cpu_workers", 1, 1)
    run.returned(1, "The reserve is taken off the CPUs, not off the workers: one task needs one worker.")
    machine, allowed, reserve = 64, rng.randint(12, 20), rng.randint(3, 6)
    calls = [
        [1000, 0],
        *([tasks, reserve] for tasks in (reserve - 1, reserve + 1, allowed - 1, allowed, machine, 1000)),
        [1000, machine - 5],
    ]
    seen, *given = learner.probe("workers_elsewhere", "cpu_workers", calls, machine, allowed).value
    many = f"cpu_workers(1000, {machine - 5}) gave {given[-1]!r}; {machine} less that is 5"
    # Who asks the system in another way than by `os` sees this machine, and `seen` tells which it is.
    for (tasks, left), value in zip(calls[1:], given, strict=True):
        right = max(1, min(tasks, seen - left))
        assert value == right, (
            f"Where os tells of {machine} CPUs of which this process may use {allowed}, cpu_workers(1000) gave {seen}, and cpu_workers({tasks}, {left}) "
            f"gave {value!r}; it should be {right}. And {many}. The reserve is taken off the usable CPUs: not off the machine's, and not off the workers."
        )


def asked(learner, allowed):
    """What the answer asked the system in the call, in words."""
    names = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        names = learner.probe("asks", allowed=allowed).value
    if not isinstance(names, list):
        return "os.sched_getaffinity(0) knows this process; os.cpu_count() knows the machine only."
    if not names:
        return (
            "In the call the system was asked for no number of CPUs, so yours is an older one, from when the file was imported, say: it is "
            "kept in a constant, in a default argument or by functools.cache. What a process may use can change while it runs: ask inside the function, "
            "at each call."
        )
    told = " and ".join(f"os.{name}" for name in names)
    if "sched_getaffinity" in names:
        return f"In the call {told} was asked; what became of that number?"
    return f"In the call {told} was asked, and it knows the machine only; os.sched_getaffinity(0) knows this process."


@pytest.mark.points(3)
def test_only_cpus_of_this_process_count(learner):
    """cpu_workers counts the CPUs that this process may use, not those of the machine."""
    cpus = usable()
    if not hasattr(os, "sched_setaffinity"):  # this system has no masks: all CPUs are usable
        learner.call("cpu_workers", 1000).returned(len(cpus))
        return
    for allowed in (cpus[:1], cpus[-1:], cpus[: len(cpus) - 1] or cpus):
        run = learner.probe("cpu_workers", 1000, allowed=allowed)
        if run.value != len(allowed):
            run.returned(
                len(allowed),
                f"The machine has {os.cpu_count()} CPUs, and this process was allowed {len(allowed)} of them (those of the numbers "
                f"{allowed}), as a container or a batch system does. {asked(learner, allowed)}",
            )
        run.returned(len(allowed))
