"""What a developer runs, and all that CI runs: `python -m nox -s SESSION`; `-l` lists them.

Sessions use the environment that nox itself is installed in (``requirements-dev.lock``), so that one install
serves them all. Only `pythons`, which needs other ones, and `readme`, which plays a newcomer, make their own.
A session whose tool is missing fails: nothing is skipped in silence.
"""

from __future__ import annotations

import contextlib
import re
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYTHONS = ("3.11", "3.12", "3.13")

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "none"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "imports", "tests", "course"]


def _tool(name: str) -> str:
    """Return the path of a command that was installed beside the running Python, whatever PATH says."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sysconfig.get_path("scripts"), name + suffix))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the whole test suite on this Python; arguments after `--` go to pytest."""
    session.run(sys.executable, "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS, venv_backend="venv")
def pythons(session: nox.Session) -> None:
    """Test what leans on what differs between versions of Python: the bubble, and what lessons claim."""
    session.install("--quiet", "--requirement", "requirements.lock")
    session.run("python", "-m", "pytest", "tests/bubble", "tests/lessons", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Look for mistakes and odd style in the code, and for holes in the workflows."""
    session.run(_tool("ruff"), "check")
    session.run(_tool("ruff"), "format", "--check")
    session.run(_tool("zizmor"), "--offline", "--quiet", "--persona=auditor", ".github")
    session.run(_tool("actionlint"), *map(str, Path(".github", "workflows").glob("*.yml")))


@nox.session
def types(session: nox.Session) -> None:
    """Check types: mypy reads the grader and its tests, basedpyright the course."""
    session.run(_tool("mypy"))
    session.run(_tool("basedpyright"))


@nox.session
def imports(session: nox.Session) -> None:
    """Check that imports point one way."""
    session.run(_tool("lint-imports"))


@nox.session
def course(session: nox.Session) -> None:
    """Prove the course: stubs fail, references pass, each wrong answer fails where it says."""
    session.run(sys.executable, "-m", "grader", "check", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Grade right, wrong and hostile answers thousands of times, and kill graders at any moment."""
    if sys.platform != "linux":
        session.skip("It asks the kernel what is left, as only Linux can be asked.")
    session.run(sys.executable, "-m", "tests.soak", *session.posargs)


@nox.session
def pages(session: nox.Session) -> None:
    """Look at the HTML report with a headless Chromium, which has to be installed (by hand)."""
    session.run(sys.executable, "-m", "pytest", "tests/report/pages.py", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Say which lines of the grader no test runs (by hand)."""
    session.run(sys.executable, "-m", "coverage", "erase")
    session.run(sys.executable, "-m", "coverage", "run", "-m", "pytest", *session.posargs)
    session.run(sys.executable, "-m", "coverage", "combine", "--quiet")
    session.run(sys.executable, "-m", "coverage", "report")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Print what the grader promises to reach and what it reaches here (by hand)."""
    for script in sorted(Path("benchmarks").glob("[!_]*.py")):
        session.run(sys.executable, "-m", f"benchmarks.{script.stem}", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin what pyproject.toml asks for: once for learners, once more with the tools (by hand)."""
    form = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    pin = [_tool("uv"), "--no-config", "pip", "compile", "--quiet", "pyproject.toml", *form, *session.posargs]
    session.run(*pin, "--group", "tests", "--group", "course", "--output-file", "requirements.lock")
    tools = ["--group", "dev", "--constraints", "requirements.lock"]
    session.run(*pin, *tools, "--output-file", "requirements-dev.lock")


@nox.session
def readme(session: nox.Session) -> None:
    """Do what the README tells a newcomer to, word for word, each command in a new clone of what is committed."""
    shell, language = ("pwsh", "powershell") if sys.platform == "win32" else ("bash", "sh")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    grade, test = re.findall(rf"^```{language}\n(.+)\n```$", text, re.MULTILINE)[:2]
    with _clone(session):
        table = str(session.run(shell, "-c", grade, success_codes=[1], silent=True))  # nothing is attempted yet
        session.log("%s", table)
        untold = [kata.name for kata in Path("exercises").glob("[0-9]*") if kata.name not in table]
        if untold or not table:
            session.error(f"the first command should show every kata; it did not show {untold}")
    with _clone(session):
        session.run(shell, "-c", test)


@contextlib.contextmanager
def _clone(session: nox.Session) -> Iterator[None]:
    """Work in a new clone of this repository, which is gone afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # as `git clone` leaves one: other users of the machine may read it
        session.run("git", "clone", "--quiet", str(ROOT), folder)
        with session.chdir(folder):
            yield
