"""The terminal on Windows, whose console is played here: its keys, its mode, and both given back."""

from __future__ import annotations

import ctypes
import queue
import sys
import types
from collections import deque
from typing import Any

import pytest

from grader.watch.terminal import Terminal

VIRTUAL_TERMINAL = 0x0004


class Console:
    """What `msvcrt` and ``kernel32`` know of a console."""

    def __init__(self) -> None:
        self.typed: deque[str] = deque()
        self.mode = 0x0003
        self.modes: list[int] = []

    def kbhit(self) -> bool:
        return bool(self.typed)

    def getwch(self) -> str:
        return self.typed.popleft()

    def GetStdHandle(self, number: int) -> int:  # noqa: N802 - Windows' name
        assert number == -11
        return 7

    def GetConsoleMode(self, handle: int, mode: Any) -> bool:  # noqa: N802 - as above
        mode._obj.value = self.mode
        return handle == 7

    def SetConsoleMode(self, handle: int, mode: int) -> bool:  # noqa: N802 - as above
        self.mode = mode
        self.modes.append(mode)
        return handle == 7


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    made = Console()
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(kbhit=made.kbhit, getwch=made.getwch))
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=made), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return made


def test_keys_of_a_windows_console_are_heard_and_it_is_given_back(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    pressed: queue.SimpleQueue[str] = queue.SimpleQueue()
    closed: queue.SimpleQueue[str] = queue.SimpleQueue()
    terminal = Terminal(pressed.put, lambda: closed.put("closed"), full=True)
    terminal.take()
    assert console.mode & VIRTUAL_TERMINAL
    console.typed += ["n", "\xe0", "H", "\x00", "Q", "\xe0", "\x93", "\x1b", "\r", "é", "\x03"]
    heard = [pressed.get(timeout=10) for _ in range(7)]
    terminal.give_back()
    assert heard == ["n", "up", "pagedown", "escape", "enter", "é", "interrupt"]
    assert console.modes == [0x0007, 0x0003]
    assert closed.empty()
    written = capsys.readouterr().out
    assert written.startswith("\x1b[?1049h")
    assert written.endswith("\x1b[?1049l")
