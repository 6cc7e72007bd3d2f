"""What a shell is told: commands and katas are completed where one types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny_course
from tests.tiny_course import ROOT, grader


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone", "01_double", "02_double", "10_other")


def completed(clone: Path, *words: str) -> list[str]:
    """Return what bash offers for the last of `words`."""
    bash = shutil.which("bash")
    assert bash is not None
    script = clone / "completion.bash"
    script.write_text(grader(clone, "completion", "bash").stdout, encoding="utf-8")
    program = (
        "source ./completion.bash\n"
        f"COMP_WORDS=({' '.join(word or chr(39) * 2 for word in words)}); COMP_CWORD={len(words) - 1}\n"
        '_grader_completion; printf "%s\\n" "${COMPREPLY[@]}"; grader list | head -n 1 >&2\n'
    )
    done = subprocess.run(
        [bash, "-c", program],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "part  points" in done.stderr, "and `grader` is a command"
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    "words,expected",
    [
        (["grader", "ru"], ["run"]),
        (["grader", "run", "01_"], ["01_double"]),
        (["grader", "run", "01_double", ""], ["01_double", "02_double", "10_other"]),
        (["grader", "hint", "oth"], ["10_other"]),
        (["grader", "lesson", "9"], []),
        (["grader", "run", "--only"], ["--only-bubble"]),
    ],
)
def test_bash_completes_commands_katas_and_options(clone: Path, words: list[str], expected: list[str]) -> None:
    assert [word for word in completed(clone, *words) if word in expected or not expected] == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_told_where_to_put_theirs(clone: Path, shell: str) -> None:
    done = grader(clone, "completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_GRADER_COMPLETE={shell}_complete" in done.stdout
    assert "@python@" not in done.stdout
    assert shell in done.stdout.splitlines()[0]


def test_outside_of_a_course_nothing_is_completed_and_nothing_said(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "pyproject.toml").touch()
    done = grader(tmp_path, _GRADER_COMPLETE="bash_complete", COMP_WORDS="grader run 0", COMP_CWORD="2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_outside_of_the_clone_nothing_is_written_into_what_is_typed(clone: Path, tmp_path: Path) -> None:
    script = clone / "completion.bash"
    script.write_text(grader(clone, "completion", "bash").stdout, encoding="utf-8")
    program = f"source {script}\nCOMP_WORDS=(grader ru); COMP_CWORD=1\n_grader_completion"
    without = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(["bash", "-c", program], cwd=tmp_path, env=without, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_shell_is_shown_what_the_grader_says_to_standard_error(clone: Path, shell: str) -> None:
    asks = [row for row in grader(clone, "completion", shell).stdout.splitlines() if "_GRADER_COMPLETE" in row]
    assert len(asks) == 1
    assert "-m grader 2>/dev/null)" in asks[0]
