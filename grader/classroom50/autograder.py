"""Classroom 50 runs this for each submission, in the student's checkout: the grader beside it grades what is there.

It leaves ``result.json`` in the checkout. The exit code is 0 if grading ran, whatever the score.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

TIER = "A"
"""How well answers must be kept in, or nothing is graded. "B" or "C" on a runner of your own that has no sudo: there an
answer may get at what the runner may, such as the token that publishes results."""

COURSE = Path(__file__).resolve().parent / "course"
PASSED_ON = (
    "ASSIGNMENT",
    "ASSIGNMENT_TYPE",
    "CLASSROOM",
    "COMMIT_URL",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "OWNER",
    "RELEASE_URL",
    "REVIEW_URL",
    "SUBMISSION_TAG",
    "USERNAME",
)


def main() -> int:
    """Grade the checkout that this is run in."""
    checkout = Path.cwd()
    target = checkout / "result.json"
    _clear(target)  # the student's own result is none
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the users that answers run as start the Python in it
        result = Path(folder, "result.json")
        code = grade(install(Path(folder, "tools")), checkout, result)
        if code not in (0, 1):  # 1: not all passed, which is a result too
            return code
        told = json.loads(result.read_bytes())
    told["datetime"] = committed(checkout) or told["datetime"]
    target.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


def install(folder: Path) -> str:
    """Return a Python that has what the grader needs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    lock = str(COURSE / "requirements.lock")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock], check=True)
    return python


def grade(python: str, checkout: Path, result: Path) -> int:
    """Grade what is in `checkout`, as root where that can be: each answer then gets a user of its own."""
    command = [python, "-m", "grader", "run", "--require-tier", TIER, "--submission", str(checkout)]
    command += ["--classroom50", str(result)]
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        command.append("--github")
    if shutil.which("sudo"):
        command = ["sudo", "--non-interactive", f"--preserve-env={','.join(PASSED_ON)}", *command]
    return subprocess.run(command, cwd=COURSE, check=False).returncode


def committed(checkout: Path) -> str:
    """Return when the commit that is checked out was made, however often it is graded; ``""`` if that is no time."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(checkout), "show", "--no-patch", "--format=%ct", "HEAD"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    try:
        return datetime.fromtimestamp(int(said), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):  # none, or none that a calendar has: a student may say any
        return ""


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
