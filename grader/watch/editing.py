"""`e`: the answer is opened in an editor, in a window of its own or in this terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from grader.course import Kata
from grader.editor import EditorError, words
from grader.watch import messages

_WINDOWED: Final = (
    "antigravity atom bbedit charm code code-insiders code-oss codium cursor featherpad fleet flatpak gedit geany "
    "gnome-text-editor goneovim gvim idea jedit kate kiro kwrite lapce leafpad lite-xl mate mousepad mvim neovide "
    "notepad notepad++ notepadqq nvim-qt open pluma pycharm spyder start subl sublime_text textadept thonny trae "
    "vscodium windsurf xdg-open xed zed zeditor"
)
"""Editors that have a window of their own; every other one gets the terminal."""
_EMACS: Final = ("emacs", "emacsclient")
_IN_TERMINAL: Final = {"-nw", "--no-window-system", "-t", "-tty", "--tty"}
"""What tells emacs to take the terminal where there is a screen too."""


def has_window(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the editor that `grader.editor` opens has a window of its own; the system's own has."""
    named = next((environment[name] for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    if not named:
        return True
    try:
        program, *options = words(named)
    except EditorError:
        return False  # it is told where it can't be started
    name = Path(program).name.lower().partition(".")[0]
    if name in _EMACS:
        on_a_screen = sys.platform == "win32" or any(map(environment.get, ("DISPLAY", "WAYLAND_DISPLAY")))
        return on_a_screen and not _IN_TERMINAL & {*options}
    return name in _WINDOWED.split() or (name in ("vim", "vi") and "-g" in options)


def open_beside(kata: Kata, root: Path, failed: Callable[[str], None]) -> None:
    """Open the answer to `kata` in a window, in the background; `failed` is told a sentence if that fails."""

    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "open", kata.name],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            failed(messages.not_opened(done.stderr))

    threading.Thread(target=run, daemon=True, name="editor").start()
