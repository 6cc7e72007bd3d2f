"""The checks of kata 22: the answer's process is given some of the CPUs, by the system, and must count those."""

import contextlib
import os

import pytest

from grader.judge.faults import LearnerFault
from grader.judge.run import brief, same

AT_LEAST_ONE = "A pool of no workers is refused, so it is at least 1."
ASK_OS = (
    "A function of os knows the number in a millionth of a second, while a process takes a thousandth or more; and what another program says depends on "
    "its own settings, as nproc obeys OMP_NUM_THREADS."
)
MASKS = hasattr(os, "sched_getaffinity")
"""Whether this system knows which CPUs a process may use."""


def usable():
    """The numbers of the CPUs that a process may use here; the answer's has the same ones as this."""
    if MASKS:
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def wrong_in_a_row(learner, name, calls, right):
    """Make the calls in one process; return the run of the first that is wrong, alone in a process, and its arguments."""
    row = learner.probe("in_a_row", name, calls)
    values = None if row.error else row.value
    for number, call in enumerate(calls):
        value = values[number] if isinstance(values, list) and len(values) == len(calls) else None
        if same(value, right(*call)):
            continue
        run = learner.call(name, *call)
        if not same(run.value, right(*call)):
            return run, call
        assert values is None, (
            f"{run.asked} gave {run.value!r}, as it should; after other calls in the same process it gave {brief(value)}. What one call finds or "
            "does should make no difference to the next: count anew each time, and change nothing."
        )
    row.raise_error()
    return None


def elsewhere(learner, name, call, cpus):
    """What a call of the function `name` gives where os tells of so many CPUs, all usable; None if nothing came of it."""
    with learner.aside(), contextlib.suppress(LearnerFault, LookupError, TypeError):
        return learner.probe("workers_elsewhere", name, [call], cpus, [list(range(cpus))]).value[0]
    return None


def assert_starts_nothing(learner, name):
    """Nothing is started by a call of the function `name`, nor when the file is imported."""
    run = learner.probe("started", name)
    found = list(map(str, run.value)) if isinstance(run.value, list) else [brief(run.value)]
    threads = [life.name for life in run.threads[1:]]
    if threads:
        found.append(f"{len(threads)} threads ({threads[0]} is one)")
    elif run.children and not found:
        found.append(f"{len(run.children)} processes")
    assert not found, (
        f"When the file was imported and {name}(1000) was called, this was started: {', '.join(found)}. It should only count. "
        + ("Who makes the pool starts its threads." if name == "io_workers" else ASK_OS)
    )


def by_cap(learner):
    """What many tasks gave with caps of several sizes, a sentence; "" if each cap was obeyed."""
    caps, given = (1, 3, 8, 64), []
    with learner.aside(), contextlib.suppress(LearnerFault):
        given = [learner.call("io_workers", 1000, cap).value for cap in caps]
    if not given or all(map(same, given, caps)):
        return ""
    return f" io_workers(1000, cap) gave {', '.join(map(brief, given))} for the caps {', '.join(map(str, caps))}."


def assert_waiting(learner, run, call, right):
    """The call gave the right number of waiting workers; else tell what the number depends on."""
    if same(run.value, right):
        return
    cap = call[1:]
    why = (
        f"One for each task, but no more than the cap, which is {f'{cap[0]} here' if cap else '32 if nothing is said'}."
    )
    if cap:
        why += by_cap(learner)
    cpus = 3 if len(usable()) != 3 else 5
    there = elsewhere(learner, "io_workers", call, cpus)
    if there is not None and not same(there, run.value):
        why += f" Where os tells of {cpus} CPUs, the same call gave {brief(there)}. The CPUs should have no say: who waits needs none."
    run.returned(right, why)


@pytest.mark.points(2)
def test_waiting_takes_a_worker_a_task_up_to_the_cap(learner, rng):
    """io_workers is the number of tasks, but no more than the cap."""
    calls = [[tasks] for tasks in (1, 31, 32, 33, rng.randint(34, 10_000), 10**6)]
    for cap in (rng.randint(40, 500), 1, 2, rng.randint(3, 9), rng.randint(10, 31), rng.randint(2000, 10_000)):
        calls += [[tasks, cap] for tasks in (max(1, cap - 7), cap, cap + 1, 3 * cap)]
    wrong = wrong_in_a_row(learner, "io_workers", calls, lambda tasks, cap=32: min(tasks, cap))
    if wrong is not None:
        run, call = wrong
        assert_waiting(learner, run, call, min(*call, 32) if len(call) == 1 else min(call))
    tasks, cap = calls[-1]
    assert_waiting(learner, learner.call("io_workers", tasks, cap=cap), [tasks, cap], cap)
    assert_starts_nothing(learner, "io_workers")


def test_no_tasks_take_one_waiting_worker(learner):
    """io_workers is 1 where there are no tasks."""
    learner.call("io_workers", 0).returned(1, AT_LEAST_ONE)
    learner.call("io_workers", 0, 5).returned(1, AT_LEAST_ONE)


def of_all(learner, run, count):
    """How the number of workers has to do with that of the CPUs, where there are more tasks than these."""
    told = ""
    cpus = 16 if count != 16 else 32
    there = elsewhere(learner, "cpu_workers", [1000], cpus)
    if there is not None and not same(there, cpus):
        told = f"Where os tells of {cpus} usable CPUs, cpu_workers(1000) gave {brief(there)}. "
    if type(run.value) is not int:
        refused = "; it refuses a float" if isinstance(run.value, float) else ""
        return f"{told}A pool wants an int{refused}."
    return told + (
        "More processes than CPUs would take turns." if run.value > count else "With fewer a CPU has nothing to do."
    )


@pytest.mark.points(2)
def test_computing_takes_a_worker_a_usable_cpu(learner, rng):
    """cpu_workers is the number of usable CPUs, but no more than there are tasks, and at least 1."""
    assert_starts_nothing(learner, "cpu_workers")
    count = len(usable())
    usable_here = f"Here {count} CPUs are usable, and no reserve was asked for, so all of them count."
    calls = [[tasks] for tasks in (count, count + 1, rng.randint(1000, 10**6), 1, 0)]
    wrong = wrong_in_a_row(learner, "cpu_workers", calls, lambda tasks: max(1, min(tasks, count)))
    if wrong is not None:
        run, [tasks] = wrong
        if tasks >= count:
            run.returned(count, f"{usable_here} {of_all(learner, run, count)}")
        few = f"{usable_here} There is one task, though: more processes than tasks have nothing to do."
        run.returned(1, few if tasks else AT_LEAST_ONE)
    assert_all_without_a_mask(learner, rng.randint(40, 60))


def assert_all_without_a_mask(learner, machine):
    """Where the system knows no mask all CPUs of the machine are usable, and one if nobody can tell how many."""
    for cpus, told in ((machine, f"os.cpu_count() is {machine}"), (None, "os.cpu_count() is None, as nobody can tell")):
        run = learner.probe("workers_elsewhere", "cpu_workers", [[1000]], cpus, None)
        where = f"On a system that knows no mask, as macOS (os has no sched_getaffinity there), and where {told},"
        error = f"{run.error.type}: {run.error.text}" if run.error else ""
        assert not error, (
            f"{where} cpu_workers(1000) raised {error}. It should be {cpus or 1}: look with hasattr whether os has such a function, else take os.cpu_count(), "
            "which may be None."
        )
        assert same(run.value, [cpus or 1]), (
            f"{where} cpu_workers(1000) gave {brief(run.value[0] if isinstance(run.value, list) and run.value else run.value)}; it should be {cpus or 1}."
            + (" Without a mask all CPUs of the machine are usable." if cpus else f" {AT_LEAST_ONE}")
        )


@pytest.mark.points(2)
def test_the_reserve_is_left_to_others(learner, rng):
    """cpu_workers leaves the reserve to others, and has a worker all the same."""
    count = len(usable())
    calls = [[count - 1, 1]] if count > 1 else []
    calls += [[1000, reserve] for reserve in (*range(1, count), count, count + rng.randint(1, 100), 10**6)]
    calls += [[1, 1]]
    wrong = wrong_in_a_row(learner, "cpu_workers", calls, lambda tasks, reserve: max(1, min(tasks, count - reserve)))
    if wrong is not None:
        run, [tasks, reserve] = wrong
        run.returned(max(1, min(tasks, count - reserve)), of_reserve(count, tasks, reserve))
    learner.call("cpu_workers", 1000, reserve=count).returned(1, of_reserve(count, 1000, count))
    for machine, allowed in ((64, rng.randint(12, 20)), (512, rng.randint(150, 200))):
        assert_reserve_elsewhere(learner, machine if MASKS else allowed, allowed, rng.randint(3, 6))


def of_reserve(count, tasks, reserve):
    """Why a call with a reserve should give what it should, where so many CPUs are usable."""
    if tasks == 1:
        return "The reserve is taken off the CPUs, not off the workers: one task needs one worker."
    if tasks == count - reserve:
        return (
            f"{count} CPUs are usable here, {reserve} is left to others, and so {tasks} may work: as many as there are tasks. The reserve is taken off "
            "the CPUs, before you compare with the tasks; not off the workers."
        )
    if reserve < count:
        return f"{count} CPUs are usable here, and {reserve} of them are left to others."
    return f"{count} CPUs are usable here, so the reserve takes them all; somebody must work nevertheless."


def given_elsewhere(learner, calls, machine, masks):
    """What cpu_workers gives in these calls, where os tells of this machine, of whose CPUs the masks are allowed."""
    run = learner.probe("workers_elsewhere", "cpu_workers", calls, machine, masks)
    error = f"{run.error.type}: {run.error.text}" if run.error else ""
    where = f"Where os tells of {machine} CPUs, of which this process may use {len(masks[0])}, cpu_workers"
    assert not error or not run.children, f"{where} started processes. It should only count. {ASK_OS}"
    assert not error, f"{where} raised {error}."
    return run.value


def assert_reserve_elsewhere(learner, machine, allowed, reserve):
    """The reserve is taken off the usable CPUs, where os tells of so many of the machine's, every other one of which is allowed."""
    mask = list(range(0, 2 * allowed, 2)) if machine > 2 * allowed else list(range(allowed))
    tasks_and_reserves = [(1000, 0), (1000, max(0, machine - 5))]
    tasks_and_reserves += [
        (tasks, reserve) for tasks in (reserve - 1, reserve + 1, allowed - 1, allowed, machine, 1000)
    ]
    calls = [list(call) for call in tasks_and_reserves]
    given = given_elsewhere(learner, calls, machine, [mask] * len(calls))
    for (tasks, left), value in zip(calls, given, strict=True):
        right = max(1, min(tasks, allowed - left))
        assert same(value, right), (
            f"Where os tells of {machine} CPUs of which this process may use {allowed} (the last is that of the number {mask[-1]}), cpu_workers({tasks}, {left}) gave "
            f"{brief(value)}; it should be {right}. {of_the_machine(machine, allowed, tasks, left, value)}"
        )


def of_the_machine(machine, allowed, tasks, left, value):
    """What it tells that this came, where so many of the machine's CPUs are allowed."""
    if left and value in (max(1, min(tasks, allowed) - left), min(tasks, allowed) - left):
        return f"That is {left} less than the smaller of {tasks} tasks and {allowed} CPUs. The reserve is taken off the usable CPUs, not off the workers."
    if left and value == machine - left:
        return f"The machine's {machine} less {left} are {machine - left}. The reserve is taken off the usable CPUs, not off the machine's."
    if left and value == min(tasks, allowed):
        return "That is as many as without a reserve: it has made no difference."
    return "It is as many as there are tasks, but no more than the usable CPUs less the reserve."


def asked(learner, allowed):
    """What the answer asked the system in the call, in words."""
    names = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        names = learner.probe("asks", allowed=allowed).value
    if not isinstance(names, list):
        return "os.sched_getaffinity(0) knows this process; os.cpu_count() knows the machine only."
    if not names:
        return (
            "In the call neither os.cpu_count nor os.sched_getaffinity was asked, so yours is an older number, from when the file was imported, say: it is "
            "kept in a constant, in a default argument or by functools.cache. What a process may use can change while it runs: ask inside the function, "
            "at each call."
        )
    told = " and ".join(f"os.{name}" for name in names)
    if "sched_getaffinity" in names:
        return f"In the call {told} was asked; what became of that number?"
    return f"In the call {told} was asked, and it knows the machine only; os.sched_getaffinity(0) knows this process."


@pytest.mark.points(3)
def test_only_cpus_of_this_process_count(learner, rng):
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
    assert_counts_at_each_call(learner, cpus, rng)


def assert_counts_at_each_call(learner, cpus, rng):
    """The CPUs that count are those that the process may use now, and it may use the same ones afterwards."""
    masks = [cpus, cpus[:1], cpus, cpus[-1:], cpus[::2]]
    seen = learner.probe("as_masks_change", masks).value
    for number, (allowed, (value, left)) in enumerate(zip(masks, seen, strict=True)):
        assert left == allowed, (
            f"Before cpu_workers(1000) this process might use the CPUs {allowed}, and after it {brief(left)}. "
            f"It gave {brief(value)}{', as it should' if same(value, len(allowed)) else ''}; but counting should change nothing."
        )
        assert same(value, len(allowed)), counted("", number, allowed, value)
    masks = [sorted(rng.sample(range(64), size)) for size in rng.sample(range(2, 20), 3)]
    given = given_elsewhere(learner, [[1000]] * len(masks), 64, masks)
    for number, (allowed, value) in enumerate(zip(masks, given, strict=True)):
        assert same(value, len(allowed)), counted("Where os tells of 64 CPUs: ", number, allowed, value)


def counted(where, before, allowed, value):
    """Say that this came in place of the number of CPUs that are allowed, in a process that made so many calls before."""
    why = (
        f"It was call {before + 1} in this process, which was allowed others before. What a process may use can change while it runs: ask at each call, and keep "
        "nothing, as functools.cache does."
        if before
        else "They need not be in a row: only how many they are counts."
    )
    return f"{where}cpu_workers(1000) gave {brief(value)} while this process might use the CPUs of the numbers {brief(allowed, 120)}; it should be {len(allowed)}. {why}"
