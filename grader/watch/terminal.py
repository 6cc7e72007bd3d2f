"""The terminal: taken for a full screen that answers to single keys, and given back as it was."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Final

from grader.watch.keys import Keys

_TAKE: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[2J"
"""Another screen, no cursor, no wrapping, pasted text told apart, all of it empty."""
_GIVE: Final = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
_ESCAPE: Final = 0.05
"""Seconds in which the rest of an escape sequence comes."""
_POLL: Final = 0.03
"""Seconds between looks for a key on Windows, where one can't wait for keys and for an end at once."""

_MOST_ERRORS: Final = 64 * 1024
"""Bytes of faults that are shown when the terminal is given back."""


class Closed(Exception):
    """The terminal is gone."""


class Terminal:
    """Reads keys and writes to the screen.

    Args:
        pressed: is called with each key, by a thread.
        closed: is called when the terminal is gone.
        full: whether it can place what is written; else rows are written one below the other.
    """

    def __init__(self, pressed: Callable[[str], None], closed: Callable[[], None], *, full: bool) -> None:
        self._pressed = pressed
        self._closed = closed
        self._full = full
        self._reader: threading.Thread | None = None
        self._leave: Callable[[], None] | None = None
        self._over = threading.Event()
        self._wake: tuple[int, int] | None = None
        self._errors: Callable[[], None] | None = None

    def take(self) -> None:
        """Take the terminal, and read its keys from now on."""
        self._over.clear()
        self._leave = _single_keys()
        if self._full:
            self.write(_TAKE)
            self._errors = _errors_kept()
        if sys.platform != "win32":
            self._wake = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True, name="keys")
        self._reader.start()

    def give_back(self) -> None:
        """Give the terminal back as it was before `take`; nothing, where it is given back."""
        self._stop_reading()
        leave, self._leave = self._leave, None
        if leave is None:
            return
        if self._full:
            with contextlib.suppress(Closed):
                self.write(_GIVE)
        leave()
        errors, self._errors = self._errors, None
        if errors is not None:
            errors()

    def write(self, text: str) -> None:
        """Write `text` at once.

        Raises:
            Closed: if the terminal is gone.
        """
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            raise Closed from error

    def _stop_reading(self) -> None:
        self._over.set()
        if self._wake is not None:
            os.write(self._wake[1], b"x")
        if self._reader is not None:
            self._reader.join()
            self._reader = None
        for handle in self._wake or ():
            os.close(handle)
        self._wake = None

    def _read(self) -> None:
        keys = Keys()
        for data in _windows_input(self._over) if sys.platform == "win32" else self._input(keys):
            if data == b"":
                self._closed()
                return
            for key in keys.feed(data) if data is not None else keys.flush():
                self._pressed(key)

    def _input(self, keys: Keys) -> Iterator[bytes | None]:
        """Yield what is typed; None if nothing comes after a lone escape, b"" if the terminal is gone."""
        assert self._wake is not None
        handle, wake = sys.stdin.fileno(), self._wake[0]
        while not self._over.is_set():
            ready, _, _ = select.select([handle, wake], [], [], _ESCAPE if keys.waits else None)
            if wake in ready:
                return
            if not ready:
                yield None
                continue
            try:
                yield os.read(handle, 1024)
            except OSError:
                yield b""


def _errors_kept() -> Callable[[], None] | None:
    """Keep what is written to standard error off the screen; return what shows it, and keeps nothing any more.

    Where that can't be done, None: it is no reason not to watch.
    """
    if sys.platform == "win32" or not os.isatty(2):
        return None
    try:
        kept = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the terminal is taken
        screen = os.dup(2)
        os.dup2(kept.fileno(), 2)
    except OSError:
        return None

    def show() -> None:
        os.dup2(screen, 2)
        os.close(screen)
        with kept, contextlib.suppress(OSError):
            kept.seek(0)
            os.write(2, kept.read(_MOST_ERRORS))

    return show


def _windows_input(over: threading.Event) -> Iterator[bytes | None]:
    import msvcrt  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - Windows only

    names = {"H": b"\x1b[A", "P": b"\x1b[B", "K": b"\x1b[D", "M": b"\x1b[C", "I": b"\x1b[5~", "Q": b"\x1b[6~"}
    names |= {"G": b"\x1b[H", "O": b"\x1b[F"}
    while not over.wait(_POLL):
        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
            if key not in "\x00\xe0":
                yield key.encode("utf-8", "replace")
            elif (known := names.get(msvcrt.getwch())) is not None:  # type: ignore[attr-defined,unused-ignore]
                yield known
        yield None


def _single_keys() -> Callable[[], None]:
    """Let keys come one by one and unseen; return what undoes it.

    Raises:
        Closed: if the terminal is gone.
    """
    if sys.platform == "win32":
        return _windows_screen()
    import termios  # noqa: PLC0415 - not there on Windows
    import tty  # noqa: PLC0415 - as above

    handle = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(handle)
        tty.setcbreak(handle, termios.TCSADRAIN)
        mode = termios.tcgetattr(handle)
        mode[0] &= ~termios.IXON  # Ctrl-S would let us wait for ever
        termios.tcsetattr(handle, termios.TCSADRAIN, mode)
    except termios.error as error:
        raise Closed from error

    def undo() -> None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(handle, termios.TCSADRAIN, before)

    return undo


def _windows_screen() -> Callable[[], None]:
    """Let the console of Windows understand escape sequences."""
    import ctypes  # noqa: PLC0415 - Windows only

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle, mode = kernel.GetStdHandle(-11), ctypes.c_ulong()
    kernel.GetConsoleMode(handle, ctypes.byref(mode))
    before = mode.value
    kernel.SetConsoleMode(handle, before | 0x0004)
    return lambda: kernel.SetConsoleMode(handle, before)
