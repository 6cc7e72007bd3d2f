"""The checks of kata 22: the answer's process is given some of the CPUs, by the system, and must count those."""

import os

import pytest

AT_LEAST_ONE = "A pool of no workers is refused, so it is at least 1."


def usable():
    """The numbers of the CPUs that a process may use here; the answer's has the same ones as this."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@pytest.mark.points(2)
def test_waiting_takes_a_worker_a_task_up_to_the_cap(learner, rng):
    """io_workers is the number of tasks, but no more than the cap."""
    why = "One for each task, but no more than the cap, which is 32 if nothing is said. The machine's cores have no say: who waits needs none."
    for tasks in (1, 31, 32, 33, rng.randint(34, 10_000)):
        learner.call("io_workers", tasks).returned(min(tasks, 32), why)
    cap = rng.randint(40, 500)
    for tasks in (cap - 7, cap, cap + 1, 3 * cap):
        learner.call("io_workers", tasks, cap).returned(min(tasks, cap), why)
        learner.call("io_workers", tasks, cap=cap).returned(min(tasks, cap), why)


def test_no_tasks_take_one_waiting_worker(learner):
    """io_workers is 1 where there are no tasks."""
    learner.call("io_workers", 0).returned(1, AT_LEAST_ONE)
    learner.call("io_workers", 0, 5).returned(1, AT_LEAST_ONE)


@pytest.mark.points(2)
def test_computing_takes_a_worker_a_usable_cpu(learner, rng):
    """cpu_workers is the number of usable CPUs, but no more than there are tasks, and at least 1."""
    count = len(usable())
    usable_here = f"Here {count} CPUs are usable, and no reserve was asked for, so all of them count."
    for tasks in (count, count + 1, rng.randint(1000, 10**6)):
        run = learner.call("cpu_workers", tasks)
        why = (
            "A program was started to count them. nproc obeys OMP_NUM_THREADS, which is 1 here and may be anything: ask by a function of os."
            if run.children
            else "More processes than CPUs would take turns. A pool wants an int: half a worker is refused."
        )
        run.returned(count, f"{usable_here} {why}")
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
    seen, *given = learner.probe("cpu_workers_elsewhere", calls, machine, allowed).value
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
    names = learner.probe("asks", allowed=allowed).value
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
