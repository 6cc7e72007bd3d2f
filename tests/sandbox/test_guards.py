"""Each guard, proved from inside a learner's process: what it refuses, and that what answers need still works."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import guards, processes
from grader.sandbox.launch import Limits, Starter
from grader.sandbox.survey import UNPRIVILEGED, survey
from tests.sandbox.lab import Lab

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guards are Linux's")

ROOT = Path(__file__).parents[2]
CLOSED = ("EACCES", "ENOENT", "EROFS")
"""What is told of a file that is not in the root folder, or has a stand-in there, or would be new there."""


def test_this_machine_has_every_guard_that_these_tests_prove() -> None:
    """Else they would pass by proving nothing."""
    active = survey().guards
    assert {name for name, on in active.items() if not on} <= {"separate user"}


@pytest.mark.skipif(sys.platform == "linux" and os.geteuid() != 0, reason="only root may become another user")
def test_a_thread_that_sees_as_another_user_sees_what_that_one_has_open_and_no_file_of_ours(tmp_path: Path) -> None:
    """In a container not even root may look into processes of other users; the judge's other threads stay root."""
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0)
    told: list[object] = []

    def look() -> None:
        guards.see_as(UNPRIVILEGED)
        told.append(processes.opened(other.pid, known))
        with contextlib.suppress(PermissionError):
            told.append(secret.read_bytes())

    with secret.open("rb") as file:
        other = subprocess.Popen(["sleep", "60"], stdin=file, user=UNPRIVILEGED, group=UNPRIVILEGED, extra_groups=[])
    known = secret.stat()
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    other.kill()
    other.wait()
    assert told == [1]
    assert secret.read_bytes() == b"x"


# --- files


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "pyproject.toml",
        ROOT / "solutions" / "01_print_tasks" / "print_tasks.py",
        ROOT / "exercises" / "01_print_tasks" / "test_print_tasks.py",
        ROOT / "grader" / "wire.py",
        "/etc/shadow",
        "/proc/self/environ",
        "/proc/1/cmdline",
        "/sys/kernel/mm/transparent_hugepage/enabled",
    ],
    ids=str,
)
def test_files_outside_cannot_be_read_by_any_path(lab: Lab, path: object) -> None:
    assert lab.call("read", str(path)) == "EACCES"
    assert lab.call("read_by_symlink", str(path)) == "EACCES"


@pytest.mark.parametrize("path", [ROOT, ROOT / "solutions", "/", "/tmp", "/home", "/proc"], ids=str)  # noqa: S108 - not to use it
def test_folders_outside_cannot_be_listed(lab: Lab, path: object) -> None:
    assert lab.call("listing", str(path)) == "EACCES"


def test_nothing_can_be_written_outside(lab: Lab, tmp_path: Path) -> None:
    known = tmp_path / "known"
    known.write_text("known", encoding="utf-8")
    assert lab.call("write", str(tmp_path / "new")) in CLOSED
    assert lab.call("write", str(known)) in CLOSED
    assert lab.call("truncate", str(known)) in CLOSED
    assert lab.call("link", str(known), "hard") in (*CLOSED, "EXDEV", "EPERM")
    assert known.read_text(encoding="utf-8") == "known"


def test_the_standard_library_cannot_be_changed(lab: Lab) -> None:
    assert lab.call("read", os.__file__) == "done"
    assert lab.call("write", os.__file__) == "EROFS"


METADATA = ("chmod", "fchmod", "fchmodat2", "chown", "lchown", "utime", "utime without following")
ATTRIBUTES = ("setxattr", "lsetxattr", "removexattr")


@pytest.mark.parametrize("name", [*METADATA, *ATTRIBUTES])
def test_no_mode_owner_time_or_attribute_of_a_file_outside_can_be_changed(lab: Lab, tmp_path: Path, name: str) -> None:
    """Landlock has no say in those: the file is ours, so nothing but its absence refuses."""
    known = tmp_path / "known"
    known.write_text("known", encoding="utf-8")
    with contextlib.suppress(OSError):  # a file system may have no attributes
        os.setxattr(known, "user.known", b"x")
    ours = () if name in ATTRIBUTES else (ROOT / "pyproject.toml", lab.base, Path(os.__file__))
    before = known.stat()
    for path in (known, tmp_path, *ours):
        assert lab.call("change", name, str(path)) in CLOSED, path
        assert lab.call("change_by_link", name, str(path)) in (*CLOSED, "EPERM", "done"), path
    assert known.stat() == before


@pytest.mark.parametrize("name", METADATA)
def test_of_its_own_files_all_can_be_changed(lab: Lab, name: str) -> None:
    assert lab.call("change_own", name) == "done"
    assert lab.call("copy_with_all_that_belongs_to_it") == "done"


def test_no_right_can_be_taken_from_the_folders_around_it(lab: Lab) -> None:
    assert "done" not in lab.call("change_around")
    assert lab.call("whole_life_of_a_file", ".") == "done"


def test_the_files_that_it_is_given_are_nobody_elses(lab: Lab) -> None:
    before = Path(os.devnull).stat().st_mode
    assert lab.call("change_given_files")[0] == "EROFS"
    assert Path(os.devnull).stat().st_mode == before


def test_a_temporary_file_can_take_the_place_of_its_own(lab: Lab) -> None:
    """The two folders of a call are one file system, as they are without a root folder of its own."""
    alone = Lab(lab.starter, lab.base / "alone")
    alone.base.mkdir()
    assert alone.call("replace_by_temporary_file") == "done"
    assert alone.call("make_temporary_things") == "done"


def test_shared_memory_has_an_end(lab: Lab) -> None:
    assert lab.call("fill_shared_memory", 1024) == "done"
    assert lab.call("fill_shared_memory", 1025) == "ENOSPC"
    assert lab.call("make_files_in_shared_memory", 20_000) == "done"
    assert lab.call("make_files_in_shared_memory", 21_000) == "ENOSPC"


def test_its_own_folder_is_its_own(lab: Lab) -> None:
    assert lab.call("whole_life_of_a_file", ".") == "done"


def test_the_folders_of_a_neighbour_are_closed(lab: Lab) -> None:
    neighbour = lab.base / "neighbour"
    neighbour.mkdir()
    assert lab.call("write", str(neighbour / "x")) in CLOSED
    assert lab.call("listing", str(neighbour)) in CLOSED


def test_shared_memory_is_its_own_and_goes_with_the_starter(lab: Lab, short: Path) -> None:
    before = set(Path("/dev/shm").iterdir())  # noqa: S108 - the device
    starter = Starter("real")
    other = Lab(starter, short / "other")
    other.base.mkdir()
    assert other.call("make_shared_memory", "left-behind") == "done"
    assert lab.call("shared_memory_names") == []
    starter.close()
    assert {path for path in set(Path("/dev/shm").iterdir()) - before if "left-behind" in path.name} == set()  # noqa: S108 - as above


@pytest.mark.parametrize("name", ["shmget", "semget", "msgget", "mq_open"])
def test_what_outlives_its_process_in_the_kernel_cannot_be_made(lab: Lab, name: str) -> None:
    assert lab.call("make_lasting_object", name) == "EPERM"


@pytest.mark.parametrize(
    "name", ["memfd_secret", "io_setup", "inotify_init", "inotify_init1", "fanotify_init", "userfaultfd"]
)
def test_what_neighbours_would_lack_cannot_be_had(lab: Lab, name: str) -> None:
    assert lab.call("take_what_is_counted_for_all", name) == "EPERM"


@pytest.mark.parametrize("name", ["fallocate", "0x40305828", "0x4030582A", "0x40305839"])
def test_disk_space_cannot_be_had_without_writing(lab: Lab, name: str) -> None:
    """Else the disk would be full before the keeper looks."""
    assert lab.call("allocate_at_once", name) == "ENOTSUP"  # as EOPNOTSUPP is called too


def test_files_can_be_made_large_all_the_same(lab: Lab) -> None:
    """The C library writes them, so that the limit of a file holds too."""
    assert lab.call("allocate", 2**20) == ("done", 2**20)
    assert lab.call("allocate", 2**20, limits=Limits(file_size=2**16))[0] == "EFBIG"


# --- sockets


@pytest.fixture
def door() -> Iterator[int]:
    """A TCP port of 127.0.0.1 that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_tcp_connects_to_the_ports_that_are_named_and_no_other(lab: Lab, door: int) -> None:
    assert lab.call("connect", door, ports=(1,)) == "EACCES"
    assert lab.call("connect", door, ports=(door,)) == "done"


def test_no_tcp_port_can_be_opened(lab: Lab) -> None:
    assert lab.call("bind_tcp", ports=(1,)) == "EACCES"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_where_no_port_is_named_there_is_no_tcp_at_all(lab: Lab, family: int) -> None:
    """Who listens without a bind is given a port by the kernel, and Landlock is not asked."""
    assert lab.call("open_socket", int(family), int(socket.SOCK_STREAM), 0) == "EPERM"
    assert lab.call("open_socket", int(family), int(socket.SOCK_STREAM), 0, ports=(1,)) == "done"


@pytest.mark.parametrize(
    "family, kind, protocol",
    [
        pytest.param(socket.AF_INET, socket.SOCK_DGRAM, 0, id="UDP"),
        pytest.param(socket.AF_INET6, socket.SOCK_DGRAM, 0, id="UDP on IPv6"),
        pytest.param(socket.AF_INET, socket.SOCK_DGRAM | getattr(socket, "SOCK_NONBLOCK", 0), 0, id="UDP with a flag"),
        pytest.param(socket.AF_INET, socket.SOCK_STREAM, 262, id="MPTCP, which Landlock does not see"),
        pytest.param(socket.AF_INET, socket.SOCK_STREAM, 132, id="SCTP"),
        pytest.param(socket.AF_INET, socket.SOCK_RAW, 1, id="raw"),
        pytest.param(getattr(socket, "AF_PACKET", 17), socket.SOCK_RAW, 0, id="packets"),
        pytest.param(getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM, 0, id="the host of a virtual machine"),
        pytest.param(getattr(socket, "AF_ALG", 38), socket.SOCK_SEQPACKET, 0, id="the kernel's cryptography"),
    ],
)
def test_sockets_that_no_rule_can_hold_cannot_be_made(lab: Lab, family: int, kind: int, protocol: int) -> None:
    assert lab.call("open_socket", int(family), int(kind), protocol, ports=(1,)) == "EPERM"


def test_unix_sockets_of_its_own_work(lab: Lab) -> None:
    assert lab.call("talk_by_unix_socket") == "done"


def test_abstract_sockets_of_others_are_closed(lab: Lab) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0grader-test-{os.getpid()}")
        server.listen()
        assert lab.call("connect_unix", f"@grader-test-{os.getpid()}") == "EPERM"


def test_sockets_in_run_are_not_to_be_seen() -> None:
    """Docker's and systemd's lie there: either would start a program without our fences."""
    folder = Path("/run") if os.access("/run", os.W_OK) else Path(f"/run/user/{os.getuid()}")
    address = folder / f"grader-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        try:
            server.listen()
            with contextlib.closing(Starter("real")) as starter, own_folder() as base:
                told = Lab(starter, base).call("connect_unix", str(address))
        finally:
            address.unlink()
    assert told in CLOSED


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    base = Path(subprocess.check_output(["mktemp", "-d", "/tmp/t-XXXXXX"], text=True).strip())  # noqa: S108 - a short path
    base.chmod(0o755)
    try:
        yield base
    finally:
        shutil.rmtree(base)


def test_sockets_that_others_have_anywhere_are_not_to_be_seen(lab: Lab, short: Path) -> None:
    """An agent that holds keys and a terminal's server listen in /tmp, or at home."""
    address = short / "agent"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        server.listen()
        assert lab.call("connect_unix", str(address)) in CLOSED


@pytest.mark.parametrize("name", ["sendto", "sendmsg", "sendmmsg"])
def test_tcp_does_not_connect_by_sending(lab: Lab, door: int, name: str) -> None:
    assert lab.call("connect_fast", name, door, ports=(1,)) == "EPERM"
    assert lab.call("send_with_a_flag", door, ports=(door,)) == "done"


@pytest.mark.parametrize("protocol", [4, 9, 15, 16])
def test_the_kernels_own_news_cannot_be_heard(lab: Lab, protocol: int) -> None:
    assert lab.call("open_socket", 16, int(socket.SOCK_RAW), protocol) == "EPERM"


def test_the_addresses_of_this_machine_can_be_asked_for(lab: Lab) -> None:
    assert lab.call("addresses") == "done"


def test_io_uring_which_passes_filters_by_is_refused(lab: Lab) -> None:
    assert lab.call("io_uring") == "EPERM"


# --- signals and other processes


def test_no_process_outside_can_be_signalled(lab: Lab) -> None:
    """Signal 0 asks for the right only: this process is the judge's, and process 1 everybody's."""
    assert lab.call("send_signal", os.getpid()) == "EPERM"
    assert lab.call("send_signal", 1) == "EPERM"


def test_its_own_keeper_cannot_be_signalled(lab: Lab) -> None:
    assert lab.call("signal_keeper") == "EPERM"


def test_its_own_children_can_be_signalled(lab: Lab) -> None:
    assert lab.call("signal_own_child") == "done -15"


@pytest.mark.parametrize("call", ["ptrace", "read_memory", "limit_another", "slow_down", "stop_scheduling"])
def test_another_process_of_the_same_user_cannot_be_meddled_with(lab: Lab, call: str) -> None:
    """The process is a sleeping one of ours, so nothing but the sandbox refuses."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert lab.call(call, other.pid) == "EPERM"
        other.communicate(b"\n")


def test_a_thread_may_be_scheduled_as_usual_by_another(lab: Lab) -> None:
    """As libzmq does to its own, which ends the program where it may not; nobody loses or gains by it."""
    assert lab.call("schedule_as_usual", 0) == "done"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert lab.call("schedule_as_usual", other.pid) in ("done", "EPERM")
        other.communicate(b"\n")


def test_the_programs_of_the_user_cannot_be_slowed_down(lab: Lab) -> None:
    assert lab.call("slow_down_everybody") == "EPERM"


def test_its_judge_cannot_be_held_to_one_processor(lab: Lab) -> None:
    assert lab.call("hold_to_one_processor", os.getpid()) == "EPERM"
    assert lab.call("hold_to_one_processor", 0) == "done"


def test_it_may_limit_and_slow_down_itself(lab: Lab) -> None:
    assert lab.call("limit_itself") == "done"
    assert lab.call("slow_down_itself") == "done"


# --- rights


def test_no_right_is_left_and_none_can_come_back(lab: Lab) -> None:
    told = lab.call("privileges")
    assert told["no_new_privs"] == 1
    assert (told["bounding"], told["own"]) == (0, 0) if os.geteuid() == 0 else told["own"] == 0


def test_a_user_0_without_rights_is_nobody_special(lab: Lab) -> None:
    assert lab.call("become_root") == "EPERM"
    assert lab.call("mount") == "EPERM"


@pytest.mark.parametrize(
    "name, told",
    [("unshare", "EPERM"), ("setns", "EPERM"), ("clone", "EPERM"), ("beside us", "EPERM"), ("clone3", "ENOSYS")],
)
def test_it_cannot_start_apart(lab: Lab, name: str, told: str) -> None:
    assert lab.call("start_apart", name) == told


def test_it_can_start_what_it_likes_otherwise(lab: Lab) -> None:
    assert lab.call("work_in_all_ways") == "done"


# --- what it is given


def test_no_file_of_ours_is_open_but_the_channel_and_where_forks_tell_of_themselves(lab: Lab) -> None:
    given = lab.call("open_files")
    assert given[:3] == [0, 1, 2]
    assert len(given) == 5


def test_standard_input_is_empty(lab: Lab) -> None:
    assert lab.call("standard_input") == ""


def test_the_environment_holds_nothing_of_ours(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as Python shows it nor in the process's own memory, which the starter's exec filled."""
    monkeypatch.setenv("GRADER_TEST_TOKEN", "secret")
    base = short / "environment"
    base.mkdir()
    with contextlib.closing(Starter("real")) as starter:
        told = Lab(starter, base).call("environment")
        kernel = Path(f"/proc/{starter._process.pid}/environ").read_bytes()
    assert "GRADER_TEST_TOKEN" not in told
    assert b"secret" not in kernel
    assert told["TMPDIR"].startswith(str(base))
    assert told["HOME"] == told["TMPDIR"]
    assert told["PYTHONHASHSEED"] == "0"
    assert set(told) == {
        *("PATH", "LANG", "LC_ALL", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "MALLOC_ARENA_MAX"),
        *("OMP_NUM_THREADS", "PYTHON_COLORS"),
        *("TMPDIR", "TEMP", "TMP", "HOME"),
    }


def test_the_limits_of_its_process_are_set(lab: Lab) -> None:
    limits = Limits(cpu=7, file_size=12_345, files=99)
    told = lab.call("limits", limits=limits)
    assert told["CPU"][0] == 7
    assert told["FSIZE"] == (12_345, 12_345)
    assert told["NOFILE"] == (99, 99)
    assert told["CORE"] == (0, 0)
    assert told["STACK"][0] == 8 * 2**20
    assert told["AS"][0] != resource.RLIM_INFINITY
    assert told["SIGPENDING"] == (1000, 1000)


def test_the_judge_needs_no_epoll(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one watches is counted for all processes of a user: an answer could leave the judge none."""

    def full() -> None:
        raise OSError(errno.ENOSPC, "all is watched")

    monkeypatch.setattr(selectors, "DefaultSelector", full)
    assert lab.call("doubled", 4) == 8


def test_it_leads_a_session_of_its_own_in_its_folder(lab: Lab) -> None:
    assert lab.call("place") == {"leads a session": True, "starts in its folder": True}


def test_it_dies_with_its_keeper(lab: Lab) -> None:
    assert lab.call("signal_at_the_death_of_its_parent") == signal.SIGKILL


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools_of_processes_work_behind_the_fences(lab: Lab, method: str) -> None:
    assert lab.call("work_with", method) == [2, 4, 6]


# --- who it is


def python_for_all() -> str | None:
    """Return a Python that other users can run, since ours may lie in a home folder."""
    for path in (sys.executable, "/usr/bin/python3"):
        code = "import sys; sys.exit(sys.version_info < (3, 11))"
        with contextlib.suppress(OSError):
            if subprocess.run([path, "-c", code], user=UNPRIVILEGED, cwd="/", check=False).returncode == 0:
                return path
    return None


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@needs_root
def test_as_a_separate_user_it_is_that_user_only(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = python_for_all()
    assert python is not None
    monkeypatch.setattr(sys, "executable", python)
    base = short / "separate"
    base.mkdir()
    with contextlib.closing(Starter("real")) as starter:
        lab = Lab(starter, base)
        assert lab.call("identity", user=UNPRIVILEGED) == (UNPRIVILEGED, UNPRIVILEGED, [])
        assert lab.call("become_root", user=UNPRIVILEGED) == "EPERM"
        assert lab.call("whole_life_of_a_file", ".", user=UNPRIVILEGED) == "done"
        assert lab.call("work_with", "spawn", user=UNPRIVILEGED) == [2, 4, 6]


@needs_root
def test_a_grader_that_is_not_root_has_the_same_fences(short: Path) -> None:
    """The sandbox asks for no privilege: an ordinary user starts it here, in a Python without packages."""
    python = python_for_all()
    assert python is not None
    base = short / "ordinary"
    base.mkdir()
    shutil.chown(base, UNPRIVILEGED, UNPRIVILEGED)
    address = short / "open"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(address))
    server.listen()
    address.chmod(0o777)
    code = f"""if True:
        import json, os, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from grader.sandbox.launch import Starter
        from tests.sandbox.lab import Lab
        starter = Starter("real")
        lab = Lab(starter, Path({str(base)!r}))
        told = {{
            "read": lab.call("read", {str(ROOT / "pyproject.toml")!r}),
            "write": lab.call("write", {str(base / "x")!r}),
            "mode": lab.call("change_around")[0],
            "own mode": lab.call("change_own", "chmod"),
            "socket": lab.call("connect_unix", {str(address)!r}),
            "signal": lab.call("send_signal", os.getpid()),
            "udp": lab.call("open_socket", 2, 2, 0),
            "own": lab.call("whole_life_of_a_file", "."),
            "privileges": lab.call("privileges")["own"],
            "identity": lab.call("identity")[0],
            "shared memory": lab.call("shared_memory_names"),
            "pool": lab.call("work_with", "forkserver"),
            "who may look into the starter": os.stat(f"/proc/{{starter._process.pid}}/environ").st_uid,
        }}
        starter.close()
        print(json.dumps(told))
    """
    done = subprocess.run(
        [python, "-P", "-s", "-c", code],
        user=UNPRIVILEGED,
        group=UNPRIVILEGED,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    server.close()
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {
        "read": "EACCES",
        "write": "EROFS",
        "mode": "EROFS",
        "own mode": "done",
        "socket": "EACCES",
        "signal": "EPERM",
        "udp": "EPERM",
        "own": "done",
        "privileges": 0,
        "identity": UNPRIVILEGED,
        "shared memory": [],
        "pool": [2, 4, 6],
        "who may look into the starter": 0,
    }


@needs_root
def test_files_on_their_way_of_one_process_do_not_keep_the_grader_from_starting_another(short: Path) -> None:
    """They are counted for all processes of a user who has no rights over others."""
    python = python_for_all()
    assert python is not None
    base = short / "crowded"
    base.mkdir()
    shutil.chown(base, UNPRIVILEGED, UNPRIVILEGED)
    code = f"""if True:
        import json, resource, sys, threading, time
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        from grader import wire
        from grader.sandbox.launch import Limits, Starter, have_more_files
        from tests.sandbox.lab import Lab
        have_more_files()
        much = Limits(sent=10**6)
        starter = Starter("real")
        lab = Lab(starter, Path({str(base)!r}))
        seen = []
        other = threading.Thread(target=lambda: seen.append(lab.call("have_files_on_their_way", 1.0, limits=much)))
        other.start()
        while not Path({str(base / "1w" / "full")!r}).exists() and other.is_alive():
            time.sleep(0.01)
        print(json.dumps([lab.call("place"), other.is_alive()]))
        other.join()
        print(json.dumps(seen))
        starter.close()
    """
    done = subprocess.run(
        [python, "-P", "-s", "-c", code],
        user=UNPRIVILEGED,
        group=UNPRIVILEGED,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == [{"leads a session": True, "starts in its folder": True}, True]
    assert second == [True]


def told_by_another_grader(short: Path, name: str, prelude: str, calls: str, **settings: Any) -> dict[str, Any]:
    """Return what `calls`, the inside of a dict, are by a `lab` of a process that began with `prelude`."""
    python = python_for_all()
    assert python is not None
    base = short / name
    base.mkdir()
    if "user" in settings:
        shutil.chown(base, settings["user"], settings["group"])
    code = f"""if True:
        import json, os, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from grader.sandbox import guards
        from grader.sandbox.launch import Limits, Starter
        from tests.sandbox.lab import Lab
        {prelude}
        starter = Starter("real")
        lab = Lab(starter, Path({str(base)!r}))
        print(json.dumps({{{calls}}}))
        starter.close()
    """
    done = subprocess.run([python, "-P", "-s", "-c", code], cwd="/", capture_output=True, check=False, **settings)
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@needs_root
def test_who_hides_its_files_from_a_keeper_that_is_not_root_is_ended(short: Path) -> None:
    """In a process that is not dumpable, or, without a root folder of its own, in a folder that it may not read."""
    calls = """
        "process": lab.see("hide_and_keep_files", "process", 40, 30.0, limits=limits).fault,
        "nothing to read": lab.see("hide_and_keep_files", "0", 40, 30.0, limits=limits).fault,
        "nothing to be told of": lab.see("hide_and_keep_files", "400", 40, 30.0, limits=limits).fault,
        "own program": lab.see("run_a_program_that_nobody_may_read", 30.0, limits=limits).fault,
    """
    bare = "limits = Limits(disk=30 * 2**20); assert guards.refuse_new_privileges() and guards.seccomp(tcp=True)"
    ordinary = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}
    hidden = "it kept files out of sight (no right to read a folder, or its processes not dumpable)"
    told = told_by_another_grader(short, "hidden", bare, calls, **ordinary)
    assert told == dict.fromkeys(told, hidden)
    rooted = told_by_another_grader(short, "rooted", "limits = Limits(disk=30 * 2**20)", calls, **ordinary)
    assert {rooted["process"], rooted["own program"]} == {hidden}
    kept = "it kept more than 30 MiB in files and shared memory"
    assert {rooted["nothing to read"], rooted["nothing to be told of"]} == {kept}


@needs_root
def test_a_keeper_without_rights_over_all_processes_sees_what_a_separate_user_keeps(short: Path) -> None:
    """As in a container, where root may not look into processes of others."""
    calls = f"""
        "removed": lab.see("keep_files", "removed", 40, 30.0, limits=limits, user={UNPRIVILEGED}).fault,
        "shared": lab.see("share_memory", 50, 8, limits=Limits(memory=200 * 2**20), user={UNPRIVILEGED}).fault,
        "hidden": lab.see("hide_and_keep_files", "process", 40, 30.0, limits=limits, user={UNPRIVILEGED}).fault,
    """
    told = told_by_another_grader(
        short, "container", "limits = Limits(disk=30 * 2**20); guards.prctl(guards.PR_CAPBSET_DROP, 19)", calls
    )
    assert told == {
        "removed": "it kept more than 30 MiB in files and shared memory",
        "shared": "",
        "hidden": "it kept files out of sight (no right to read a folder, or its processes not dumpable)",
    }


# --- where no root folder of its own can be had


def test_without_namespaces_the_rest_holds_and_the_survey_says_what_does_not(short: Path) -> None:
    """A kernel that refuses them is played by a filter that this process's children inherit, not by a fake."""
    base = short / "bare"
    base.mkdir()
    code = f"""if True:
        import json, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from grader.sandbox import guards
        from grader.sandbox.launch import Starter
        from grader.sandbox.survey import survey
        from tests.sandbox.lab import Lab
        assert guards.refuse_new_privileges() and guards.seccomp(tcp=True)
        starter = Starter("real")
        lab = Lab(starter, Path({str(base)!r}))
        print(json.dumps({{
            "read": lab.call("read", {str(ROOT / "pyproject.toml")!r}),
            "own": lab.call("whole_life_of_a_file", "."),
            "says": survey().guards["own root folder"],
            "in words": survey().words["own root folder"],
            "pool": lab.call("work_with", "fork"),
        }}))
        starter.close()
    """
    done = subprocess.run([sys.executable, "-P", "-s", "-c", code], cwd="/", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told.pop("in words").startswith("it can use others' sockets")
    assert told == {"read": "EACCES", "own": "done", "says": False, "pool": [2, 4, 6]}


# --- in parts


def test_closing_all_files_but_some_keeps_those(tmp_path: Path) -> None:
    """In a fork, since this process needs its files. 0 in the list is the trap: closerange(0, 0) closes everything."""
    kept = os.open(tmp_path, os.O_RDONLY)
    pid = os.fork()
    if pid == 0:
        guards.close_all_but({0, 1, 2, kept})
        left = [number for number in range(256) if _is_open(number)]
        os._exit(0 if left == [0, 1, 2, kept] else 1)
    os.close(kept)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
