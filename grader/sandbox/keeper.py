"""The keeper: stands between the starter and one learner's process, watches, ends and sweeps its tree (Linux).

It is a subreaper, so whatever the learner's code detaches comes back to it, and cannot be inspected by the
learner's process. It talks to the judge by one SEQPACKET socket: ``{"started": pid}`` first; then it takes
``{"kill": reason}``, and answers with one `Report` as JSON when nothing of the tree is left. The end of that
socket means that the judge has gone: then the tree is ended at once.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import struct
import time
from typing import Any, Final

from grader.sandbox import guards, messages, processes, storage
from grader.sandbox.forker import Forker

_TICK: Final = 0.025
_LOOK_AT_FILES: Final = 0.25
"""Seconds between two looks at what the tree keeps in files."""
_AT_A_TIME: Final = 0.025
"""Seconds that such a look may take before memory and processes are looked at again."""
_ABORT_GRACE: Final = 0.5
"""Seconds between SIGABRT, on which faulthandler prints every thread's stack, and SIGKILL."""
_HELPER_GRACE: Final = 1.0
_ORPHAN_GRACE: Final = 0.15
"""Seconds that an orphan gets to end by itself before it counts as left behind."""
_MOST_ASKED: Final = 3
"""Forks that are left, and are asked where they stand before they are ended."""
_ANSWER_GRACE: Final = 0.05
"""Seconds that each of them has to say so."""
_STOPPED: Final = 1.0
"""Seconds that a learner's process may stand still by SIGSTOP, and one go on without its first thread."""
_MAX_TOLD: Final = 100
_MOST_MARKS: Final = 200
_MOST_BIRTHS: Final = 1000
"""Births that are taken in one go."""
_CREDENTIALS: Final = struct.Struct("3i")
"""What the kernel says of the sender of a message: its pid, uid and gid."""
_CREDENTIALS_SPACE: Final = 32
"""Bytes for these alone: who sends open files too would else give us so many that we can open nothing ourselves."""


@dataclasses.dataclass(slots=True)
class _Seen:
    pid: int
    parent: int
    kind: str
    cpu: float
    first: float
    last: float
    memory: int = 0
    marks: list[tuple[float, float]] = dataclasses.field(default_factory=list)
    """Some times, and the CPU seconds that had been used by then."""

    def mark(self, now: float, cpu: float) -> None:
        """Take in how much CPU time had been used at `now`."""
        if cpu > self.cpu or not self.marks:
            self.marks.append((now, cpu))
        self.cpu, self.last = cpu, now
        if len(self.marks) > _MOST_MARKS:
            del self.marks[1::2]

    def told(self) -> list[Any]:
        """Return what the judge is told, as `ProcessSeen` has it."""
        known = [self.pid, self.parent, self.kind, self.cpu, self.first, self.last]
        return [*known, self.memory, self._when(0.25), self._when(0.75)]

    def _when(self, share: float) -> float:
        """Return when this share of the CPU time had been used."""
        return next((at for at, cpu in self.marks if cpu >= share * self.cpu), self.last)


class Keeper:
    """Watches the process `pid`, a child of our forker, until nothing of its tree is left.

    Args:
        pid: the learner's process.
        report: the socket to the judge.
        births: the socket on which each process that is forked below `pid` makes itself known, if it can.
        request: what the judge asked for; its limits are those of the whole tree.
        forker: who has forked the process; a child of ours too.
    """

    def __init__(
        self, pid: int, report: socket.socket, births: socket.socket, request: dict[str, Any], forker: Forker
    ) -> None:
        self._pid = pid
        self._pidfd = os.pidfd_open(pid)
        self._report = report
        self._births = births
        self._forker = forker
        limits = request["limits"]
        self._memory = int(limits["memory"])
        self._processes = int(limits["processes"])
        self._limits: dict[str, int] = limits
        self._folders = (request["folder"], request["temp"])
        self._eyes = None if guards.sees_all() else request["user"]
        self._began = self._looked = time.monotonic()
        self._look: storage.Look | None = None
        self._hidden: set[str | int] = set()
        self._seen: dict[int, _Seen] = {}
        self._why = ""
        self._kill_at: float | None = None
        self._odd_since: dict[tuple[int, str], float] = {}
        self._peaks = {"memory": 0, "own_memory": 0, "processes": 0, "threads": 0}
        self._leftovers: dict[int, str] = {}
        self._asked: list[int] = []
        self._orphans_cpu = 0.0
        self._stall = 0.0

    def run(self) -> dict[str, Any]:
        """Tell that it has started, watch it and sweep after it; return the report."""
        self.tell({"started": self._pid})
        self._watch()
        own, reaped, code = self._reap_learner()
        self._sweep()
        if self._look is not None:
            self._look.close()
        return {
            "exit": code,
            "killed": self._why,
            "cpu": own,
            "cpu_children": max(reaped + self._orphans_cpu, sum(seen.cpu for seen in self._seen.values())),
            "processes": [seen.told() for seen in list(self._seen.values())[:_MAX_TOLD]],
            "peaks": self._peaks,
            "leftovers": [self._leftovers[pid] for pid in (*self._asked, *self._not_asked())],
            "asked": len(self._asked),
            "stall": self._stall,
            "rooted": self._forker.rooted,
        }

    def tell(self, message: dict[str, Any]) -> None:
        """Send `message` to the judge, if it is still there."""
        with contextlib.suppress(OSError):
            self._report.send(json.dumps(message, ensure_ascii=False).encode())  # longer, it may be too long to be sent

    # --- while it runs

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        poll.register(self._report, select.POLLIN)
        poll.register(self._births, select.POLLIN)
        while True:
            began = time.monotonic()
            ready = [number for number, _ in poll.poll(_TICK * 1000)]
            self._stall = max(self._stall, time.monotonic() - began - _TICK)
            if self._pidfd in ready:
                return
            if self._report.fileno() in ready and not self._obey():
                poll.unregister(self._report)
            if self._births.fileno() in ready and not self._take_births():
                poll.unregister(self._births)
            if self._kill_at is not None and time.monotonic() >= self._kill_at:
                self._kill_tree()
            self._sample()

    def _obey(self) -> bool:
        """Take a command; False if there will be no other."""
        try:
            command = self._report.recv(4096)
        except OSError:
            command = b""
        if not command:
            self._why = self._why or messages.JUDGE_GONE
            self._kill_tree()
            return False
        self._end(str(json.loads(command).get("kill", "")))
        return True

    def _take_births(self) -> bool:
        """Note the processes that have made themselves known; False if no more can.

        Those that live a few milliseconds would else be missed. The number of a sender is the kernel's word.
        """
        for _ in range(_MOST_BIRTHS):  # who sends without end shall not keep us from the rest
            try:
                data, extra, _, _ = self._births.recvmsg(16, _CREDENTIALS_SPACE, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            for level, kind, credentials in extra:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                    self._note_birth(_CREDENTIALS.unpack_from(credentials)[0])
        return True

    def _note_birth(self, pid: int) -> None:
        if pid in (0, self._pid) or pid in self._seen:
            return
        now = time.monotonic() - self._began
        stat = processes.read(pid)
        if stat is not None:
            self._note(stat, processes.memory(stat.eye).peak, now)
        else:  # it has gone already
            self._seen[pid] = _Seen(pid, self._pid, "child", 0.0, now, now)

    def _end(self, why: str) -> None:
        """Ask the learner's process for its stacks and set the time of its end."""
        if self._kill_at is not None:
            return
        self._why = why
        self._kill_at = time.monotonic() + _ABORT_GRACE
        for number in (signal.SIGABRT, signal.SIGCONT):
            _signal(self._pid, number)

    def _tree(self) -> list[int]:
        """Return what there is below us but the forker."""
        return [pid for pid in processes.tree(os.getpid()) if pid != self._forker.pid]

    def _kill_tree(self) -> None:
        for pid in self._tree():
            _signal(pid, signal.SIGKILL)

    def _sample(self) -> None:
        now = time.monotonic() - self._began
        used = largest = tables = alive = 0
        # Those that ended since the last time count as if they were there: each may have started the next.
        threads = self._reap_orphans()
        for pid in self._tree():
            stat = processes.read(pid)
            if stat is None:
                continue
            alive += 1
            memory = processes.memory(stat.eye)
            self._look_how_it_goes_on(stat, now)
            used += stat.rss + memory.tables + memory.swapped
            largest = max(largest, stat.rss)
            tables += memory.tables
            threads += stat.threads
            if pid == self._pid:
                self._peaks["threads"] = max(self._peaks["threads"], stat.threads)
                self._peaks["own_memory"] = max(self._peaks["own_memory"], memory.peak)
            else:
                self._note(stat, memory.peak, now)
        self._peaks["memory"] = max(self._peaks["memory"], used)
        self._peaks["processes"] = max(self._peaks["processes"], alive)
        if threads > self._processes:  # first: so many have much memory too
            self._end_now(messages.too_many_processes(self._processes))
        elif largest + tables > self._memory or (used > self._memory and self._memory_of_its_own() > self._memory):
            self._end_now(messages.too_much_memory(self._memory))
        self._look_at_files()

    def _look_at_files(self) -> None:
        now = time.monotonic()
        if self._look is None:
            if now - self._looked < _LOOK_AT_FILES:
                return
            self._look = storage.Look(self._folders, self._tree(), self._eyes)
        look = self._look
        done = look.go_on(now + _AT_A_TIME)
        for found, limit, message in (
            (look.size, "disk", messages.too_much_in_files),
            (look.files, "entries", messages.too_many_files),
            (look.opened, "entries", messages.too_many_open),
            (look.sent, "sent", messages.too_many_sent),
            (look.watched, "watched", messages.too_many_watched),
            (look.mappings, "mappings", messages.too_many_mappings),
        ):
            if found > self._limits[limit]:
                self._end_now(message(self._limits[limit]))
        if done:
            if look.hidden & self._hidden:  # once may be chance: who becomes another program cannot be looked at either
                self._end_now(messages.HIDDEN)
            self._look, self._hidden, self._looked = None, look.hidden, time.monotonic()

    def _memory_of_its_own(self) -> int:
        """Return the bytes that the tree uses, with what forks share counted once: exact, but slow to find out."""
        with guards.seeing_as(self._eyes):
            return sum(processes.shared_out_memory(pid) for pid in self._tree())

    def _look_how_it_goes_on(self, stat: processes.Stat, now: float) -> None:
        """End the tree if the learner's process was long stopped, or one has long gone on without its first thread.

        No program of Python's does the latter. It is looked at through another thread meanwhile, but one after the
        other could take that one's place.
        """
        for why, is_so in (
            (messages.STOPPED, stat.state == "T" and stat.pid == self._pid),
            (messages.HEADLESS, stat.eye != stat.pid),
        ):
            if not is_so:
                self._odd_since.pop((stat.pid, why), None)
            elif now - self._odd_since.setdefault((stat.pid, why), now) > _STOPPED:
                self._end_now(why)

    def _end_now(self, why: str) -> None:
        self._why = self._why or why
        self._kill_tree()

    def _note(self, stat: processes.Stat, peak: int, now: float) -> None:
        seen = self._seen.get(stat.pid)
        if seen is None:
            seen = self._seen[stat.pid] = _Seen(stat.pid, stat.parent, processes.kind(stat.pid), stat.cpu, now, now)
        seen.mark(now, stat.cpu)
        seen.memory = max(seen.memory, peak)
        if seen.kind == "child" and now - seen.first < 1.0:
            seen.kind = processes.kind(stat.pid)  # an exec may have come in between

    # --- after its end

    def _reap_learner(self) -> tuple[float, float, int]:
        """Return the CPU seconds of the learner's process, those of its children, and its exit code.

        Read from the zombie, because `wait4` gives the sum of both.
        """
        stat = processes.read(self._pid)
        status, used = self._forker.reap()
        os.close(self._pidfd)
        self._pid = 0  # from here on its number may be another's
        reaped = stat.reaped if stat is not None else 0.0
        return max(0.0, used - reaped), reaped, os.waitstatus_to_exitcode(status)

    def _sweep(self) -> None:
        """End what the learner's process left, until no child is left; till then the limits hold."""
        began = sampled = time.monotonic()
        asked = bool(self._why)
        while True:
            self._take_births()
            self._reap_orphans()
            if not self._why and time.monotonic() - sampled > _TICK:
                self._sample()
                sampled = time.monotonic()
            left = self._left()
            if not left:
                return
            if len(left) > self._processes:
                self._why = self._why or messages.too_many_processes(self._processes)
            waited = time.monotonic() - began
            if not asked and waited > _ORPHAN_GRACE:
                asked = True
                self._ask_where_they_stand(left)
            if self._why or waited > _ORPHAN_GRACE:
                for pid in reversed(left):  # the youngest first, before it starts another
                    self._kill_orphan(pid, patience=waited <= _HELPER_GRACE)
            time.sleep(0.002)

    def _left(self) -> list[int]:
        """Return our children but the forker. What has become its child, where no filter refuses that, comes to us."""
        if not self._forker.ended and processes.children(self._forker.pid):
            self._forker.end()
        return [pid for pid in processes.children(os.getpid()) if pid != self._forker.pid or self._forker.ended]

    def _kind(self, pid: int) -> str:
        """Return the kind of a process that is left: what it was when it still had its parent."""
        return self._seen[pid].kind if pid in self._seen else processes.kind(pid)

    def _ask_where_they_stand(self, left: list[int]) -> None:
        """Have forks that are left print their stacks (faulthandler), one after the other, so that none is cut up."""
        forks = [pid for pid in left if processes.described(pid) == messages.A_FORK and self._kind(pid) != "helper"]
        for pid in sorted(forks)[:_MOST_ASKED]:
            self._note_left(pid)
            if pid not in self._leftovers:
                continue
            self._asked.append(pid)
            for number in (signal.SIGABRT, signal.SIGCONT):
                _signal(pid, number)
            until = time.monotonic() + _ANSWER_GRACE
            while time.monotonic() < until and (stat := processes.read(pid)) is not None and stat.state != "Z":
                time.sleep(0.002)

    def _not_asked(self) -> list[int]:
        return sorted(self._leftovers.keys() - set(self._asked))

    def _note_left(self, pid: int) -> None:
        stat = processes.read(pid)
        if stat is not None and stat.state != "Z" and len(self._leftovers) < _MAX_TOLD:
            self._leftovers.setdefault(pid, messages.process(pid, processes.described(pid)))

    def _kill_orphan(self, pid: int, *, patience: bool) -> None:
        """End what is left, but for a helper of multiprocessing's as long as there is patience; what is below it comes.

        Quickly once we know why: there may be some that start another and end, over and over.
        """
        if not self._why:
            helper = self._kind(pid) == "helper"
            if helper and patience:
                return
            if not helper:
                self._note_left(pid)
        _signal(pid, signal.SIGKILL)

    def _reap_orphans(self) -> int:
        """Reap the processes that have ended; return how many. Else the machine would run out of numbers."""
        count = 0
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return count
            if ended is None:
                return count
            if ended.si_pid in self._seen and (stat := processes.read(ended.si_pid)) is not None:
                self._seen[ended.si_pid].mark(time.monotonic() - self._began, stat.cpu)
            usage = os.wait4(ended.si_pid, 0)[2]
            self._orphans_cpu += usage.ru_utime + usage.ru_stime
            count += 1


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def become_keeper() -> None:
    """Make this process a keeper: a session of its own, orphans come to it, and nobody may look into it."""
    os.setsid()
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)
