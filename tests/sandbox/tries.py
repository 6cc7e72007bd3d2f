"""Runs in a learner's process as its answer: tries what the sandbox is there to refuse, and says what came of it.

What comes back is ``"done"`` or the name of the error number, so that a test can tell a refusal from an accident.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import ctypes
import errno
import fcntl
import gc
import mmap
import multiprocessing
import multiprocessing.shared_memory
import os
import resource
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def outcome(action: Callable[[], Any]) -> str:
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return "done"


def system(name: str, *arguments: Any) -> str:
    """Call a function of the C library; -1 is a refusal."""
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    return errno.errorcode[ctypes.get_errno()] if result == -1 else "done"


# --- files


def read(path: str) -> str:
    return outcome(Path(path).read_bytes)


def write(path: str) -> str:
    return outcome(lambda: Path(path).write_bytes(b"x"))


def listing(path: str) -> str:
    return outcome(lambda: list(Path(path).iterdir()))


def link(source: str, target: str) -> str:
    return outcome(lambda: os.link(source, target))


def read_by_symlink(path: str) -> str:
    Path("link").symlink_to(path)
    return read("link")


def truncate(path: str) -> str:
    return outcome(lambda: os.truncate(path, 0))


def whole_life_of_a_file(folder: str) -> str:
    def live() -> None:
        path = Path(folder, "file")
        path.write_text("text", encoding="utf-8")
        path.rename(path.with_name("other"))
        path.with_name("other").unlink()
        path.mkdir()
        path.rmdir()

    return outcome(live)


def shared_memory_names() -> list[str]:
    return [path.name for path in Path("/dev/shm").iterdir()]  # noqa: S108 - the device


def _libc_call(name: str, *arguments: Any) -> None:
    told = system(name, *arguments)
    if told != "done":
        raise OSError(getattr(errno, told), told)


def _mode(path: str | int) -> int:
    return os.stat(path).st_mode & 0o7777  # noqa: PTH116 - a path or a number


def _times(path: str) -> tuple[int, int]:
    told = os.stat(path)  # noqa: PTH116 - as above
    return told.st_atime_ns, told.st_mtime_ns


CHANGES: dict[str, Callable[[str], Any]] = {
    "chmod": lambda path: os.chmod(path, _mode(path)),  # noqa: PTH101 - the calls themselves are tried
    "fchmod": lambda path: os.fchmod(os.open(path, os.O_RDONLY), _mode(path)),
    "fchmodat2": lambda path: _libc_call("syscall", 452, -100, path.encode(), _mode(path), 0),
    "chown": lambda path: os.chown(path, os.getuid(), os.getgid()),
    "lchown": lambda path: os.lchown(path, os.getuid(), os.getgid()),
    "utime": lambda path: os.utime(path, ns=_times(path)),
    "utime without following": lambda path: os.utime(path, ns=_times(path), follow_symlinks=False),
    "setxattr": lambda path: os.setxattr(path, "user.x", b"x"),
    "lsetxattr": lambda path: os.setxattr(path, "user.x", b"x", follow_symlinks=False),
    "removexattr": lambda path: os.removexattr(path, "user.known"),
}
"""To what there is already, so that no harm is done on the day when the sandbox does not refuse."""


def change(name: str, path: str) -> str:
    return outcome(lambda: CHANGES[name](path))


def change_by_link(name: str, path: str) -> str:
    Path("way").symlink_to(path)
    return change(name, "way")


def change_own(name: str) -> str:
    Path("own").write_text("own", encoding="utf-8")
    with contextlib.suppress(OSError):
        os.setxattr("own", "user.known", b"x")
    return change(name, "own")


def change_around() -> list[str]:
    """Set the rights of every folder around this one, to what they are."""
    return [change("chmod", str(folder)) for folder in Path.cwd().parents]


def change_given_files() -> list[str]:
    return [outcome(lambda number=number: os.fchmod(number, _mode(number))) for number in (0, 1, 2)]  # type: ignore[misc]


def copy_with_all_that_belongs_to_it() -> str:
    def copy() -> None:
        Path("one").write_text("one", encoding="utf-8")
        Path("folder").mkdir()
        shutil.copy("one", "two")
        shutil.copy2("one", "folder/three")
        shutil.copytree("folder", "tree")
        Path("two").chmod(0o600)

    return outcome(copy)


def replace_by_temporary_file() -> str:
    """Write beside, in the folder for temporary files, and put it into place."""

    def put() -> None:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(b"x")
        Path(file.name).replace("put")

    return outcome(put)


def make_temporary_things() -> str:
    def make() -> None:
        with tempfile.TemporaryDirectory() as folder:
            base = sqlite3.connect(Path(folder, "base"))
            base.execute("pragma journal_mode = wal")
            base.execute("create table t (x)")
            base.commit()
            base.close()

    return outcome(make)


def make_files_in_shared_memory(count: int) -> str:
    """Make so many empty files there."""

    def make() -> None:
        for number in range(count):
            Path("/dev/shm", str(number)).touch()  # noqa: S108 - the device

    return outcome(make)


def fill_shared_memory(mebibytes: int) -> str:
    def fill() -> None:
        for number in range(mebibytes):
            Path("/dev/shm", str(number)).write_bytes(bytes(2**20))  # noqa: S108 - the device

    return outcome(fill)


def make_shared_memory(name: str) -> str:
    block = multiprocessing.shared_memory.SharedMemory(name=name, create=True, size=64)
    block.close()
    return "done"


# --- sockets


def connect(port: int) -> str:
    with socket.socket() as plug:
        plug.settimeout(5)
        return outcome(lambda: plug.connect(("127.0.0.1", port)))


def bind_tcp() -> str:
    with socket.socket() as plug:
        return outcome(lambda: plug.bind(("127.0.0.1", 0)))


def open_socket(family: int, kind: int, protocol: int) -> str:
    return outcome(lambda: socket.socket(family, kind, protocol).close())


def connect_unix(address: str) -> str:
    with socket.socket(socket.AF_UNIX) as plug:
        return outcome(lambda: plug.connect(address.replace("@", "\0", 1) if address[0] == "@" else address))


FAST_OPEN = 0x20000000


def connect_fast(name: str, port: int) -> str:
    with socket.socket() as plug:
        if name == "sendto":
            return outcome(lambda: plug.sendto(b"x", FAST_OPEN, ("127.0.0.1", port)))
        if name == "sendmsg":
            return outcome(lambda: plug.sendmsg([b"x"], [], FAST_OPEN, ("127.0.0.1", port)))
        number = {"x86_64": 307, "aarch64": 269}[os.uname().machine]
        return system("syscall", number, plug.fileno(), bytes(64), 1, FAST_OPEN)


def send_with_a_flag(port: int) -> str:
    with socket.socket() as plug:
        plug.connect(("127.0.0.1", port))
        return outcome(lambda: plug.send(b"x", socket.MSG_NOSIGNAL))


def talk_by_unix_socket() -> str:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door")
        door.listen()
        return connect_unix("door")


# --- rights and other processes


def send_signal(pid: int, number: int = 0) -> str:
    return outcome(lambda: os.kill(pid, number))


def signal_own_child() -> str:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    told = send_signal(child.pid, signal.SIGTERM)
    return f"{told} {child.wait()}"


def privileges() -> dict[str, int]:
    """Return no_new_privs, whether a capability is left in the bounding set, and in the three sets of its own."""
    assert libc is not None
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    return {
        "no_new_privs": libc.prctl(39, 0, 0, 0, 0),
        "bounding": max(libc.prctl(23, number, 0, 0, 0) for number in range(64)),
        "own": max(data),
    }


def become_root() -> str:
    return outcome(lambda: os.setuid(0)) if os.getuid() else outcome(lambda: os.chroot("/"))


def ptrace(pid: int) -> str:
    return system("ptrace", 16, pid, 0, 0)


def read_memory(pid: int) -> str:
    return system("process_vm_readv", pid, 0, 0, 0, 0, 0)


def limit_another(pid: int) -> str:
    return outcome(lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0)))


def limit_itself() -> str:
    return outcome(lambda: resource.prlimit(0, resource.RLIMIT_NOFILE, (100, 100)))


def slow_down(pid: int) -> str:
    return outcome(lambda: os.setpriority(os.PRIO_PROCESS, pid, 19))


def slow_down_everybody() -> str:
    return outcome(lambda: os.setpriority(os.PRIO_USER, 0, 19))


def slow_down_itself() -> str:
    return outcome(lambda: os.nice(1))


def stop_scheduling(pid: int) -> str:
    return outcome(lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)))


def schedule_as_usual(pid: int) -> str:
    return outcome(lambda: os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0)))


def make_lasting_object(name: str) -> str:
    """Make what System V and POSIX keep after their process's end."""
    if name == "mq_open":
        assert libc is not None
        return system("syscall", {"x86_64": 240, "aarch64": 180}[os.uname().machine], b"q", os.O_CREAT | 2, 0o600, None)
    arguments = {"shmget": (0, 64, 0o1600), "semget": (0, 1, 0o1600), "msgget": (0, 0o1600)}[name]
    return system(name, *arguments)


def io_uring() -> str:
    return system("syscall", 425, 1, None)


def start_apart(name: str) -> str:
    """Try to get a namespace, and the rights that come with it, or a child that is our parent's."""
    x86 = os.uname().machine == "x86_64"
    numbers = {
        "unshare": (272, 97),
        "setns": (308, 268),
        "clone": (56, 220),
        "beside us": (56, 220),
        "clone3": (435, 435),
    }
    number = numbers[name][not x86]
    new_user = 0x10000000
    return {
        "unshare": lambda: system("syscall", number, new_user),
        "setns": lambda: system("syscall", number, 0, 0),
        "clone": lambda: system("syscall", number, new_user | signal.SIGCHLD, 0, 0, 0, 0),
        "beside us": lambda: system("syscall", number, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0),
        "clone3": lambda: system("syscall", number, (ctypes.c_uint64 * 8)(new_user), 64),
    }[name]()


def hold_to_one_processor(pid: int) -> str:
    return outcome(lambda: os.sched_setaffinity(pid, {0}))


def addresses() -> str:
    return outcome(lambda: (socket.if_nameindex(), socket.getaddrinfo("localhost", 80)))


def work_in_all_ways() -> str:
    def work() -> None:
        assert start_threads(20) == 20
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        subprocess.run("true", shell=True, check=True)  # noqa: S602 - a shell is tried
        os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
        with multiprocessing.Manager() as manager:
            manager.dict()["x"] = 1
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            assert list(pool.map(doubled, [1])) == [2]

    return outcome(work)


def mount() -> str:
    return system("mount", b"tmpfs", b"/proc", b"tmpfs", 0, None)


# --- what it is given


def open_files() -> list[int]:
    found = []
    for number in range(1024):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found.append(number)
    return found


def standard_input() -> str:
    return sys.stdin.read() if sys.stdin else ""


def environment() -> dict[str, str]:
    return dict(os.environ)


def limits() -> dict[str, tuple[int, int]]:
    names = ("CPU", "FSIZE", "NOFILE", "CORE", "AS", "STACK", "SIGPENDING")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names}


def identity() -> tuple[int, int, list[int]]:
    return os.getuid(), os.getgid(), os.getgroups()


def place() -> dict[str, bool]:
    return {"leads a session": os.getsid(0) == os.getpid(), "starts in its folder": Path("tries.py").is_file()}


def own_files_listed() -> str:
    return listing("/proc/self/fd")


# --- processes and threads


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def burn_here_and_in_a_child(here: float, there: float) -> None:
    child = multiprocessing.get_context("fork").Process(target=burn, args=(there,))
    child.start()
    burn(here)
    child.join()


def burn_in_a_detached_child(seconds: float) -> int:
    """Burn where nobody waits for it: the child's parent has gone."""
    ours, theirs = os.pipe()
    first = os.fork()
    if first == 0:
        if os.fork() == 0:
            burn(seconds)
            os.write(theirs, b"x")
        os._exit(0)
    os.waitpid(first, 0)
    os.read(ours, 1)
    return first


def detach(seconds: float, times: int = 2) -> list[int]:
    """Leave processes behind that nobody here is the parent of: two forks and a session of their own."""
    ours, theirs = os.pipe()
    for _ in range(times):
        first = os.fork()
        if first == 0:
            os.setsid()
            pid = os.fork()
            if pid == 0:
                time.sleep(seconds)
            else:
                os.write(theirs, pid.to_bytes(4, "big"))
            os._exit(0)
        os.waitpid(first, 0)
    return [int.from_bytes(os.read(ours, 4), "big") for _ in range(times)]


def detach_another_program(seconds: float) -> int:
    code = f"import time; time.sleep({seconds})"
    return subprocess.Popen([sys.executable, "-c", code, "told-by-this"], start_new_session=True).pid


def leave_a_program(seconds: float) -> int:
    return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"]).pid


def spawn_for_ever(count: int) -> None:
    """Leave `count` processes behind that start another each time they are about to be found."""
    for _ in range(count):
        if os.fork() == 0:
            os.setsid()
            end = time.monotonic() + 20
            while time.monotonic() < end:
                if os.fork():
                    os._exit(0)
            os._exit(0)


def spawn_in_turn(count: int, times: int) -> int:
    """Have `count` processes start another and end, so many times each; return how many were started."""
    ours, theirs = os.pipe()
    for _ in range(count):
        if os.fork() == 0:
            for _ in range(times):
                if os.fork():
                    os._exit(0)
                os.write(theirs, b"x")
            os._exit(0)
    os.close(theirs)
    turns = 0
    while some := os.read(ours, 65536):
        turns += len(some)
    return turns


def take_memory(mebibytes: int) -> int:
    held = []
    for _ in range(mebibytes):
        held.append(bytearray(os.urandom(1)) * 2**20)
        time.sleep(0.0005)
    return len(held)


def leave_a_hungry_helper(mebibytes: int) -> int:
    """Leave what bears the name of multiprocessing's fork server, and takes memory as soon as it is alone."""
    code = f"""if True:
        import os, time
        parent = os.getppid()
        print("ready", flush=True)
        while os.getppid() == parent:
            time.sleep(0.001)
        held = bytearray(b"x") * ({mebibytes} * 2**20)
        time.sleep(60)
    """
    Path("helper.py").write_text(code, encoding="utf-8")
    helper = subprocess.Popen([sys.executable, "helper.py", "multiprocessing.forkserver"], stdout=subprocess.PIPE)
    assert helper.stdout is not None
    helper.stdout.readline()
    return helper.pid


def keep_files(how: str, mebibytes: int, seconds: float) -> int:
    """Keep so much in files of a mebibyte each, for so long; return how many files these are."""
    held: list[object] = []
    if how == "deep":
        for _ in range(40):
            os.mkdir("d" * 250)  # noqa: PTH102 - pathlib's path would be too long
            os.chdir("d" * 250)
    for number in range(mebibytes):
        name = f"f{number}"
        if how == "shared":
            held.append(shared_memory_out_of_sight())
            continue
        handle = os.memfd_create(name) if how == "in memory" else os.open(name, os.O_CREAT | os.O_RDWR)
        os.write(handle, b"x" * 2**20)
        if how in ("removed", "mapped"):
            os.unlink(name)  # noqa: PTH108 - as above
        held.append(mapped(handle) if how == "mapped" else handle)
    time.sleep(seconds)
    return len(held)


def shared_memory_out_of_sight() -> mmap.mmap:
    """Fill a mebibyte that could be shared, and make as if it were not used."""
    memory = mmap.mmap(-1, 2**20)
    memory[:] = b"x" * 2**20
    memory.madvise(mmap.MADV_DONTNEED)
    return memory


def mapped(handle: int) -> int:
    """Map a mebibyte of a file, which Python does not know of, and close the file; return where it is."""
    assert libc is not None
    libc.mmap.restype = ctypes.c_void_p
    place = libc.mmap(None, ctypes.c_size_t(2**20), mmap.PROT_READ, mmap.MAP_SHARED, handle, ctypes.c_size_t(0))
    os.close(handle)
    return int(place)


def look_at_nothing(gibibytes: int, forks: int, seconds: float) -> int:
    """Have forks read one byte in each 2 MiB of so much empty memory: that takes page tables, and no memory."""
    ours, theirs = os.pipe()
    for _ in range(forks):
        if os.fork() == 0:
            with mmap.mmap(-1, gibibytes * 2**30, flags=mmap.MAP_PRIVATE | 0x4000, prot=mmap.PROT_READ) as memory:
                memory.madvise(15)  # no huge pages
                for place in range(0, len(memory), 2**21):
                    memory[place]
                os.write(theirs, b"x")
                time.sleep(seconds)
            os._exit(0)
    for _ in range(forks):
        os.read(ours, 1)
        os.wait()
    return forks


def map_often(times: int, forks: int, seconds: float) -> int:
    """Have forks map a page of one removed file so many times each."""
    assert libc is not None
    handle = os.memfd_create("once")
    os.ftruncate(handle, mmap.PAGESIZE)
    ours, theirs = os.pipe()
    size, start = ctypes.c_size_t(mmap.PAGESIZE), ctypes.c_size_t(0)
    for _ in range(forks):
        if os.fork() == 0:
            for _ in range(times):
                libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, handle, start)
            os.write(theirs, b"x")
            time.sleep(seconds or 60)
            os._exit(0)
    for _ in range(forks):
        os.read(ours, 1)
    time.sleep(seconds)
    return times * forks


def map_often_and_take_memory(times: int, forks: int, mebibytes: int) -> int:
    map_often(times, forks, 0.0)
    held = [bytearray(b"x") * 2**20 for _ in range(mebibytes)]
    time.sleep(30)
    return len(held)


def watch(files: int, epolls: int, seconds: float) -> int:
    """Have so many epolls watch so many open files each."""
    handles = [os.eventfd(0) for _ in range(files)]
    held = [select.epoll() for _ in range(epolls)]
    for epoll in held:
        for handle in handles:
            epoll.register(handle, select.EPOLLIN)
    time.sleep(seconds)
    return files * len(held)


def send_and_never_take(count: int, seconds: float) -> int:
    """Have so many files on their way."""
    ours, theirs = socket.socketpair()
    for _ in range(count // 50):
        socket.send_fds(ours, [b"!"], [0] * 50)
    time.sleep(seconds)
    return theirs.fileno() and count


def hide_and_keep_files(how: str, mebibytes: int, seconds: float) -> int:
    """Keep files where the keeper may not look: a process that is not dumpable, or a folder that nobody may read."""
    if how == "process":
        assert libc is not None
        libc.prctl(4, 0, 0, 0, 0)
        return keep_files("removed", mebibytes, seconds)
    os.mkdir("hidden")  # noqa: PTH102 - as above
    handle = os.open("hidden", os.O_RDONLY)
    held = [os.open(f"f{number}", os.O_CREAT | os.O_RDWR, dir_fd=handle) for number in range(mebibytes)]
    os.fchmod(handle, int(how, 8))
    for file in held:
        os.write(file, b"x" * 2**20)
        os.close(file)
    time.sleep(seconds)
    os.fchmod(handle, 0o700)
    return len(held)


def run_a_program_that_nobody_may_read(seconds: float) -> int:
    shutil.copy("/bin/sleep", "program")
    Path("program").chmod(0o111)
    return subprocess.run(["./program", str(seconds)], check=False).returncode


def allocate(size: int) -> tuple[str, int]:
    """Return what came of it, and how much the file then has of the disk."""
    with Path("file").open("wb") as file:
        return outcome(lambda: os.posix_fallocate(file.fileno(), 0, size)), os.fstat(file.fileno()).st_blocks * 512


def allocate_at_once(name: str) -> str:
    """Try to get disk space without writing: by ``"fallocate"``, or the number of an ioctl."""
    with Path("file").open("wb") as file:
        if name == "fallocate":
            return system("fallocate", file.fileno(), 0, ctypes.c_long(0), ctypes.c_long(2**20))
        space = struct.pack("=hhqqiI4i", 0, 0, 0, 2**20, 0, 0, 0, 0, 0, 0)
        return outcome(lambda: fcntl.ioctl(file, int(name, 16), space))


def take_what_is_counted_for_all(name: str) -> str:
    """Ask for what a user, or the machine, has only so much of, or for memory that nobody counts."""
    x86 = os.uname().machine == "x86_64"
    numbers = {
        "memfd_secret": (447, 447),
        "io_setup": (206, 0),
        "inotify_init": (253, 26),
        "inotify_init1": (294, 26),
        "fanotify_init": (300, 262),
        "userfaultfd": (323, 282),
    }
    context = ctypes.c_ulong(0)
    arguments = (1, ctypes.byref(context)) if name == "io_setup" else (0, 0)
    return system("syscall", numbers[name][not x86], *arguments)


def write_so_much(size: int) -> str:
    return outcome(lambda: Path("file").write_bytes(bytes(size)))


def open_till_refused() -> tuple[int, str]:
    """Open a file again and again; return the last number that was given, and why there is no other."""
    last = os.open("once", os.O_CREAT)
    try:
        while True:
            last = max(last, os.dup(last))
    except OSError as error:
        return last, errno.errorcode[error.errno or 0]


def open_again(count: int, seconds: float) -> int:
    """Have one file open so many times, for so long."""
    handle = os.open("once", os.O_CREAT)
    held = [os.dup(handle) for _ in range(count)]
    time.sleep(seconds)
    return len(held)


def send_files_on_every_socket(times: int) -> int:
    """Send open files on whatever socket there is that takes messages, and leave a process behind."""
    handle = os.open(os.devnull, os.O_RDONLY)
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            other = socket.socket(fileno=os.dup(number))
            if other.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_SEQPACKET:
                for _ in range(times):
                    socket.send_fds(other, [b"!"], [handle] * 4)
    time.sleep(0.2)
    return subprocess.Popen(["/bin/sleep", "60"], start_new_session=True).pid


def have_files_on_their_way(seconds: float) -> bool:
    """Send open files, which nobody takes, till no more can be sent; tell so in a file, and stay so long."""
    handle = os.open(os.devnull, os.O_RDONLY)
    held = []
    full = False
    try:
        for _ in range(100):
            held.append(socket.socketpair())
            held[-1][0].settimeout(0)
            with contextlib.suppress(BlockingIOError):
                for _ in range(100):
                    socket.send_fds(held[-1][0], [b"!"], [handle] * 250)
    except OSError as error:
        full = error.errno == errno.ETOOMANYREFS
    Path("full").touch()
    time.sleep(seconds)
    return full


def leave_loud_processes(count: int) -> None:
    """Leave processes behind whose names are long however they are written."""
    for _ in range(count):
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sleep", ["\N{GRINNING FACE}" * 300, "60"])  # noqa: S606 - the name is what is tried
    time.sleep(1.0)


def make_files(count: int, seconds: float) -> int:
    """Make so many empty files in folders, and stay so long."""
    for number in range(count):
        Path(f"d{number % 10}").mkdir(exist_ok=True)
        Path(f"d{number % 10}", str(number)).touch()
    time.sleep(seconds)
    return count


def share_memory(mebibytes: int, children: int) -> int:
    """Hold memory once, and fork children that only look at it."""
    held = bytearray(b"x") * (mebibytes * 2**20)
    ours, theirs = os.pipe()
    for _ in range(children):
        if os.fork() == 0:
            os.read(ours, 1)
            os._exit(0)
    time.sleep(0.2)
    os.write(theirs, b"x" * children)
    for _ in range(children):
        os.wait()
    return len(held)


def start_threads(count: int) -> int:
    end = threading.Event()
    threads = [threading.Thread(target=end.wait, args=(30,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    end.set()
    return len(threads)


def bomb(most: int) -> int:
    """Fork children that stay, up to `most`."""
    for number in range(most):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        time.sleep(0.002 if number < 20 else 0)
    time.sleep(60)
    return most


def stop_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def hang() -> None:
    time.sleep(600)


def hold_open(path: str, seconds: float) -> None:
    """Have a file open, and have another process that has it open too."""
    code = f"import time; file = open({path!r}); time.sleep({seconds})"
    with Path(path).open(), subprocess.Popen([sys.executable, "-c", code]):
        time.sleep(seconds)


def hang_and_swallow() -> None:
    signal.signal(signal.SIGABRT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(600)


def hang_with_a_family(children: int) -> None:
    for _ in range(children):
        detach_another_program(600)
    print("ready", flush=True)
    hang()


def parent() -> int:
    return os.getppid()


def doubled(number: int, seconds: float = 0.0) -> int:
    time.sleep(seconds)
    return 2 * number


def work_with(method: str, seconds: float = 0.0) -> list[int]:
    """Double three numbers in a pool of two processes, each for so long."""
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.starmap(doubled, [(number, seconds) for number in (1, 2, 3)])


def signal_keeper() -> str:
    return send_signal(os.getppid())


def fork_in_turn(count: int) -> list[int]:
    """Return the pids of `count` children that ended at once, each forked when the one before was reaped."""
    pids = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        pids.append(child)
    return pids


def speak_and_stay(text: str, seconds: float) -> None:
    print(text, flush=True)
    time.sleep(seconds)


def print_by_many() -> dict[str, int]:
    """Return which process printed what: this one, a fork, a spawned one that stays, and a program, below a shell."""
    print("here", flush=True)
    fork = os.fork()
    if fork == 0:
        os.write(1, b"fork\n")
        os._exit(0)
    os.waitpid(fork, 0)
    spawned = multiprocessing.get_context("spawn").Process(target=speak_and_stay, args=("spawned", 0.3))
    spawned.start()
    spawned.join()
    shell = subprocess.Popen(["/bin/sh", "-c", "echo shell"])
    shell.wait()
    return {"here": os.getpid(), "fork": fork, "spawned": spawned.pid or 0, "shell": shell.pid}


def print_as_another() -> tuple[list[str], int]:
    """Return what came of writing to stdout in the name of the parent, and of sending it open files; and its pid."""
    told = []
    with socket.socket(fileno=os.dup(1)) as out:
        name = struct.pack("3i", os.getppid(), os.getuid(), os.getgid())
        for kind, body in ((socket.SCM_CREDENTIALS, name), (socket.SCM_RIGHTS, struct.pack("i", 0))):
            try:
                out.sendmsg([b"another\n"], [(socket.SOL_SOCKET, kind, body)])
                told.append("sent")
            except OSError as error:
                told.append(errno.errorcode[error.errno or 0])
    return told, os.getpid()


def fork_and_leave(count: int) -> list[int]:
    """Return the pids of `count` children that nobody waits for."""
    pids = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            os._exit(0)
        pids.append(child)
    return pids


def send_on_every_socket(times: int) -> None:
    """Send on whatever socket there is, as often as it takes."""
    for _ in range(times):
        for number in range(3, 64):
            with contextlib.suppress(OSError):
                socket.socket(fileno=os.dup(number)).send(b"", socket.MSG_DONTWAIT)


def burn_in_a_child_that_is_ignored(seconds: float) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        burn(seconds)
        os._exit(0)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)


def leave(code: int) -> None:
    os._exit(code)


def end_by_signal(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def leave_a_named_program(word: str) -> None:
    """Leave a program running that has `word` in its command line."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", word], start_new_session=True)
    time.sleep(0.2)


def count_in_memory(backwards: list[str]) -> list[int]:
    """Return how often words, told backwards, stand in this process's memory, as far as Python's objects are near."""
    ends, other = os.pipe()
    words = [word[::-1].encode() for word in backwards]
    found = [0] * len(words)
    libc = ctypes.CDLL(None)
    near = {id(thing) >> 20 for thing in (object(), bytearray(600), os, gc.get_objects()[-1])}
    near.add(ctypes.addressof(ctypes.create_string_buffer(5000)) >> 20)
    for page in sorted({page for mib in near for page in range((mib - 24) << 20, (mib + 24) << 20, 4096)}):
        if libc.write(other, ctypes.c_void_p(page), ctypes.c_size_t(4096)) == 4096:  # else nothing is mapped there
            data = os.read(ends, 4096)
            found = [count + data.count(word) for count, word in zip(found, words, strict=True)]
    return found


def hold_without_first_thread(mebibytes: int, files: int, seconds: float) -> None:
    """Have a child whose first thread ends, and whose second one has memory and removed files; wait for that long.

    Args:
        mebibytes: of memory.
        files: of a MiB each, in memory.
        seconds: for which it has them.
    """
    ready, there = os.pipe()
    if os.fork() == 0:

        def hold() -> None:
            held = mmap.mmap(-1, max(1, mebibytes) * 2**20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            for place in range(0, len(held), 4096):
                held[place] = 1
            for _ in range(files):
                os.write(os.memfd_create("held"), bytes(2**20))
            os.write(there, b"!")
            time.sleep(seconds)
            os._exit(0)

        threading.Thread(target=hold).start()
        system("syscall", {"x86_64": 60}.get(os.uname().machine, 93), 0)
    os.close(there)
    os.read(ready, 1)
    time.sleep(seconds)


def hold_threads(count: int) -> None:
    for _ in range(count):
        threading.Thread(target=hang, daemon=True).start()
    hang()


def speak(text: str, value: int) -> int:
    print(text)
    print(text, file=sys.stderr)
    subprocess.run([sys.executable, "-c", f"print({text!r})"], check=True)
    return value


def flood() -> None:
    while True:
        print("x" * 1000)


def signal_at_the_death_of_its_parent() -> int:
    assert libc is not None
    number = ctypes.c_int()
    libc.prctl(2, ctypes.byref(number), 0, 0, 0)
    return number.value


def hold_memory(here: int, there: int) -> None:
    """Hold `here` MiB for a moment, and then, in a child, `there` MiB."""

    def hold(mebibytes: int) -> None:
        held = bytearray(b"x") * (mebibytes * 2**20)
        time.sleep(0.2)
        del held

    hold(here)
    child = multiprocessing.get_context("fork").Process(target=hold, args=(there,))
    child.start()
    child.join()


def burn_in_two(seconds: float, how: str) -> None:
    """Burn in two children, which live all the while: ``"together"``, or ``"in turn"``: the second waits."""
    context = multiprocessing.get_context("fork")
    first_is_done, both_are_done = context.Event(), context.Barrier(2)

    def first() -> None:
        burn(seconds)
        first_is_done.set()
        both_are_done.wait()

    def second() -> None:
        if how == "in turn":
            first_is_done.wait()
        burn(seconds)
        both_are_done.wait()

    children = [context.Process(target=work) for work in (first, second)]
    for child in children:
        child.start()
    for child in children:
        child.join()
