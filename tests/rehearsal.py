"""Carries a workflow's one job out on this machine: its text is read, and each step does here what it would do there.

`run:` steps are run as they are written. What is stood in for: actions, the install step (this Python has what it
would install), and `sudo`, which here only keeps from the program what it was not told to pass on.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from grader.sandbox.survey import survey
from tests.report.runner import Command, commands

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTIONS = ("actions/checkout", "actions/setup-python", "actions/upload-artifact")
IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
SUDO = """\
#!{python}
import os, sys
words, kept = sys.argv[1:], {{"HOME", "LANG", "PATH"}}
while words[0].startswith("--"):
    option, _, value = words.pop(0).partition("=")
    kept |= set(value.split(",")) if option == "--preserve-env" else set()
os.execvpe(words[0], words, {{name: value for name, value in os.environ.items() if name in kept}})
"""


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow; YAML 1.1 reads its key ``on`` as True."""
    read: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in read.items()}


def job(name: str) -> dict[str, Any]:
    """Return the one job of a workflow."""
    ((_, only),) = workflow(name)["jobs"].items()
    return dict(only)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "x") -> str:
    """Commit all that is in `folder`; return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def as_here(text: str) -> str:
    """Return `text` without the tier that it requires, where that can't be had."""
    return text if survey().tier == "A" else text.replace(" --require-tier A", "")


@dataclass
class Done:
    """What a job left.

    Attributes:
        code: the exit code of the first step that failed; 0 if none did.
        log: what steps printed.
        summary, output: what steps wrote to the files that GitHub names to them.
        kept: the folder that was uploaded; it need not exist.
    """

    code: int
    log: str
    summary: str
    output: str
    kept: Path

    @property
    def said(self) -> list[Command]:
        """Commands that the runner carries out; not those that only say where learners' text begins and ends."""
        return [command for command in commands(self.log) if command.name in ("error", "warning", "notice")]


class Rehearsal:
    """A runner's machine at `place`: `origin` is the repository on the server, `event` what expressions may ask for."""

    def __init__(self, place: Path, origin: Path, event: Mapping[str, str], *, as_written: bool = False) -> None:
        self.work = place / "work"
        self.work.mkdir(parents=True)
        self._origin, self._event, self._as_written = origin, event, as_written
        self._files = {name: place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in self._files.values():
            file.touch()
        self._bin = fake_sudo(place / "bin")
        self._log: list[str] = []
        self._kept = place / "nothing was kept"

    def carry_out(self, name: str) -> Done:
        """Do the steps of a workflow in order, as far as they are done when one fails."""
        code = 0
        for step in job(name)["steps"]:
            condition = str(step.get("if", ""))
            if (code and "cancelled()" not in condition) or (condition and not self._value(condition)):
                continue
            code = self._step(step) or code
        summary, output = (file.read_text(encoding="utf-8") for file in reversed(self._files.values()))
        return Done(code, "".join(self._log), summary, output, self._kept)

    def _step(self, step: Mapping[str, Any]) -> int:
        if "uses" in step:
            self._use(step["uses"], step.get("with", {}))
            return 0
        if step["name"] == "Install the grader":
            return self._install(step["run"])
        return self._run(step)

    def _use(self, used: str, options: Mapping[str, Any]) -> None:
        action, _, version = used.partition("@")
        assert action in ACTIONS
        assert re.fullmatch("[0-9a-f]{40}", version)
        if action == "actions/checkout":
            assert options["persist-credentials"] is False
            self._check_out(options)
        if action == "actions/upload-artifact":
            self._kept = self.work / options["path"]

    def _check_out(self, options: Mapping[str, Any]) -> None:
        folder = self.work / options["path"]
        git(self.work, "clone", "--quiet", "--no-checkout", str(self._origin), str(folder))
        if "sparse-checkout" in options:
            git(folder, "sparse-checkout", "set", options["sparse-checkout"])
        ref = self._filled(options.get("ref", "${{ github.sha }}"))
        git(folder, "checkout", "--quiet", "--detach", ref)

    def _install(self, text: str) -> int:
        """Make what the step makes, a Python with what is locked, out of this one."""
        make, fill = text.splitlines()
        assert make == "python -m venv tools"
        wanted = r"tools/bin/python -m pip install --quiet --require-hashes --requirement (\w+)/requirements.lock"
        match = re.fullmatch(wanted, fill)
        assert match is not None
        assert (self.work / match[1] / "requirements.lock").is_file()
        script(self.work / "tools" / "bin" / "python", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
        return 0

    def _run(self, step: Mapping[str, Any]) -> int:
        text: str = step["run"]
        assert "${{" not in text, "what an event says goes through env: only"
        own = {key: self._filled(value) for key, value in step.get("env", {}).items()}
        told = {key: str(file) for key, file in self._files.items()}
        path = f"{self._bin}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-e", "-c", text if self._as_written else as_here(text)],
            cwd=self.work / step.get("working-directory", "."),
            env={"HOME": str(self.work), "PATH": path, "CI": "true", "GITHUB_ACTIONS": "true", **told, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        self._log.append(done.stdout)
        return done.returncode

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: str(self._value(match[1])), text)

    def _value(self, expression: str) -> str | bool:
        """Return the value of an expression; one of a form that no workflow has yet is not known."""
        expression = re.sub(r"^\$\{\{ (.+) \}\}$", r"\1", expression)
        if expression == "!cancelled()":
            return True
        if match := re.fullmatch(r"hashFiles\('([^']+)'\) == ''", expression):
            return not any(path.is_file() for path in self.work.glob(match[1]))
        values = [self._event.get(name.strip(), "") for name in expression.split("||")]
        assert re.fullmatch(r"[\w.]+( \|\| [\w.]+)*", expression)
        return next(filter(None, values), "")


def fake_sudo(folder: Path) -> Path:
    """Put what stands in for sudo into `folder`, which goes on PATH."""
    script(folder / "sudo", SUDO.format(python=sys.executable))
    return folder


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


needs_posix = not (sys.platform == "win32" or shutil.which("bash") is None)
"""Whether a job for Linux can be rehearsed here."""
