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
from grader.watch import messages

_WINDOWED: Final = (
    "atom bbedit charm code code-insiders codium cursor fleet gedit geany gnome-text-editor gvim idea kate kwrite mate "
    "mousepad mvim notepad notepad++ open pluma pycharm start subl sublime_text textadept windsurf xdg-open xed zed"
)
"""Editors that have a window of their own; every other one gets the terminal."""


def has_window(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the editor that `grader.editor` opens has a window of its own; the system's own has."""
    named = next((environment[name] for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    first = named.replace('"', "").split()[:1] if not Path(named).is_file() else [named]
    return not first or Path(first[0]).name.lower().partition(".")[0] in _WINDOWED.split()


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
