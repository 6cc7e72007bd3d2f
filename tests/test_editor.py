"""An answer is opened where its author writes, and never run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader import editor

PYTHON = sys.executable.replace("\\", "/")
COPY = "import sys; open(sys.argv[1] + '.seen', 'w').write(' '.join(sys.argv[1:]))"


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [tmp_path / "a b.py", tmp_path / "c.py"]


@pytest.mark.parametrize("names", [("VISUAL",), ("EDITOR",), ("VISUAL", "EDITOR")])
def test_all_files_go_to_the_editor_that_the_environment_names(paths: list[Path], names: tuple[str, ...]) -> None:
    environment = {"EDITOR": "no-such-editor", "VISUAL": " "} | dict.fromkeys(names[:1], f'{PYTHON} -c "{COPY}"')
    editor.open_files(paths, environment)
    assert (paths[0].parent / "a b.py.seen").read_text(encoding="utf-8") == f"{paths[0]} {paths[1]}"


@pytest.mark.parametrize(
    "named,said",
    [
        ("no-such-editor", r"^no-such-editor can't be started: .*\. Set EDITOR to your editor\.$"),
        (f'{PYTHON} -c "raise SystemExit(3)"', r" ended with exit code 3\. The file is .*a b\.py\.$"),
        ("vim 'x", r"^VISUAL or EDITOR is not a command: "),
    ],
)
def test_an_editor_that_fails_is_a_sentence(paths: list[Path], named: str, said: str) -> None:
    with pytest.raises(editor.EditorError, match=said):
        editor.open_files(paths, {"EDITOR": named})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
@pytest.mark.parametrize("number, called", [(2, "Ctrl-C"), (9, "SIGKILL")])
def test_an_editor_that_is_ended_says_by_what(paths: list[Path], number: int, called: str) -> None:
    command = f'{PYTHON} -c "import os; os.kill(os.getpid(), {number})"'
    with pytest.raises(editor.EditorError, match=rf" was ended by {called}\. The file is .*a b\.py\.$"):
        editor.open_files(paths, {"EDITOR": command})


def test_a_path_with_spaces_needs_no_quotes(tmp_path: Path) -> None:
    program = tmp_path / "my editor"
    program.write_text("", encoding="utf-8")
    assert editor.words(str(program)) == [str(program)]
    assert editor.words("code --wait") == ["code", "--wait"]


@pytest.mark.parametrize(
    "system,command", [("darwin", ["open", "-t"]), ("win32", ["notepad"]), ("linux", ["xdg-open"])]
)
def test_the_system_opens_it_as_text(monkeypatch: pytest.MonkeyPatch, system: str, command: list[str]) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert editor._system() == command


def test_without_a_screen_the_system_opens_nothing(monkeypatch: pytest.MonkeyPatch, paths: list[Path]) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(editor.EditorError, match=r"^No editor is known here: set EDITOR"):
        editor.open_files(paths, {})


def test_no_editor_at_all_is_a_sentence(monkeypatch: pytest.MonkeyPatch, paths: list[Path]) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(editor.EditorError, match=r"^No editor is known here: set EDITOR"):
        editor.open_files(paths, {})
