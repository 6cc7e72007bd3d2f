"""Opening an answer where its author writes: in the editor of the environment, else in the system's own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader import messages


class EditorError(Exception):
    """No editor could be started; the text is a sentence."""


def open_files(
    paths: Sequence[Path],
    environment: Mapping[str, str] = os.environ,
    opening: Callable[[Sequence[Path]], object] = lambda _: None,
) -> None:
    """Open `paths` in $VISUAL or $EDITOR, and wait for it; else the first of them in the system's editor.

    Args:
        paths: of files.
        environment: where the editor is named.
        opening: is told what is opened, once an editor is found.

    Raises:
        EditorError: if there is no editor, or it fails.
    """
    named = next((environment[name] for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    command = words(named) if named else _system()
    if not command:
        raise EditorError(messages.no_editor(paths[0]))
    opened = paths if named else paths[:1]
    found = shutil.which(command[0])  # on Windows `code` is code.cmd
    if found:
        opening(opened)
    try:
        code = subprocess.run([found or command[0], *command[1:], *map(str, opened)], check=False).returncode
    except OSError as error:
        raise EditorError(messages.editor_unstarted(command[0], error)) from error
    if code:
        raise EditorError(messages.editor_ended(command[0], code, paths[0]))


def _system() -> list[str]:
    """Return the words that open a text with what the system has for texts, and never run it; none if unknown.

    Without a screen, as over ssh, there is nothing to open it on.
    """
    if sys.platform == "darwin":
        return ["open", "-t"]
    if sys.platform == "win32":
        return ["notepad"]
    on_a_screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return ["xdg-open"] if on_a_screen and shutil.which("xdg-open") else []


def words(named: str) -> list[str]:
    """Return the words of an editor's name: a path with spaces may stand in it without quotes."""
    if Path(named).is_file():
        return [named]
    try:
        return [word.strip('"') for word in shlex.split(named, posix=sys.platform != "win32")]
    except ValueError as error:
        raise EditorError(messages.no_command(error)) from error
