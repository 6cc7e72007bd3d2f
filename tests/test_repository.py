"""What the repository says of itself is true: README, CONTRIBUTING, locks and CI.

`python -m tests.test_repository` brings the lists of katas up to date: the README's, and GitHub Classroom's.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grader import course, handed_in, submission, template, wire
from grader.judge import capture, exchange, learner
from grader.sandbox.launch import Limits

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/learners.md", "docs/teachers.md")
LOCKS = ("requirements.lock", "requirements-dev.lock")
TABLE = re.compile(r"(?<=<!-- katas: begin -->\n).*?(?=<!-- katas: end -->)", re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of that language in a document, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)\n```$", read(name), re.DOTALL | re.MULTILINE)


# --- README -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "language, python, step",
    [("sh", ".venv/bin/python", " && "), ("powershell", r".venv\Scripts\python", "; ")],
)
def test_the_readme_begins_with_its_two_commands(language: str, python: str, step: str) -> None:
    """One line each: an environment, the pinned packages, then grading or the tests; `nox -s readme` runs them."""
    grade, test = (command.split(step) for command in blocks("README.md", language)[:2])
    assert grade[0].endswith(" -m venv .venv")
    assert grade[1:] == [f"{python} -m pip install --quiet -r requirements.lock", f"{python} -m grader"]
    assert test == [*grade[:-1], f"{python} -m pytest"]


def kata_table() -> str:
    """Return the README's table of katas, as the course says it should be."""
    rows = [
        f"| {kata.number:02} | [{kata.name[3:]}](exercises/{kata.name}/README.md) | {kata.title} "
        f"| {', '.join(kata.needs)} | {kata.points} |\n"
        for kata in course.load(ROOT).katas
    ]
    return "".join(["| no. | kata | what you learn | needs | points |\n| --- | --- | --- | --- | ---: |\n", *rows])


def test_the_readmes_table_of_katas_is_up_to_date() -> None:
    tables = TABLE.findall(read("README.md"))
    assert tables == [kata_table()], "bring it up to date with: python -m tests.test_repository"


def test_the_tests_for_github_classroom_are_up_to_date() -> None:
    told = (ROOT / template.AUTOGRADING).read_bytes()
    assert told == template.autograding(course.load(ROOT).katas), "mend it with: python -m tests.test_repository"


@cache
def help_of(*words: str) -> str:
    """Return what `python -m grader WORDS --help` prints."""
    command = [sys.executable, "-m", "grader", *words, "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return run.stdout


def test_the_limits_that_are_promised_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| ([\w ]+) \| ([^|]+) \|", read("SECURITY.md").partition("## Limits")[2], re.MULTILINE))
    limits, mib = Limits(), 2**20
    seconds = f"{learner.REAL_LIMIT:g} s, in the bubble {learner.BUBBLE_LIMIT:g} s"
    code = f"{submission.MAX_BYTES // 1024} KiB"
    notebook = f"a notebook {submission.MAX_NOTEBOOK // mib} MiB, of these {code} code"
    most = f"{handed_in.MOST_BYTES // mib} MiB"
    files = f"{handed_in.MOST_FILES:,} Python files and notebooks with {most} in all; stored or deflated"
    in_all = f"{limits.disk // mib} MiB and {limits.entries:,} in all"
    assert (
        rows
        | {
            "real time": f"{seconds}, or what the check says; import {exchange.LOAD_LIMIT:g} s",
            "CPU time": f"{limits.cpu} s a process",
            "memory": f"{limits.memory // 2**30} GiB",
            "processes and threads": f"{limits.processes}",
            "output": f"{capture.FLOOD // mib} MiB; {(capture.HEAD + capture.TAIL) // 1024} KiB are kept",
            "open files": f"{limits.files} a process",
            "mappings": f"{limits.mappings:,}",
            "files watched by epoll": f"{limits.watched:,}",
            "files in flight in sockets": f"{limits.sent:,}",
            "files": f"{limits.file_size // mib} MiB each, {in_all}",
            "what is handed in": f"{code} a file, {submission.MAX_HELPERS} helper files; {notebook}",
            "an archive": f"{most}, {handed_in.MOST_ENTRIES:,} entries, {handed_in.DEEPEST} names deep; {files}",
            "what is returned": f"{wire.MAX_FRAME // mib} MiB, {wire.MAX_DEPTH} levels deep",
        }
        == rows
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_names_is_there(document: str) -> None:
    named = set(re.findall(r"python -m\s+grader\s+([a-z]+)", read(document)))
    there = set(re.findall(r"^\W*([a-z]+)\b", help_of(), re.MULTILINE))
    assert named - there == set()


def test_every_option_that_the_readme_names_is_there() -> None:
    named = set(re.findall(r"(?<=`)(?:--[a-z-]+|-x)(?=[ `])", read("README.md")))
    assert {option for option in named if option not in help_of("run")} == set()
    assert named >= {"--json", "--only-bubble", "-x"}


def test_every_option_that_the_teachers_page_names_is_there() -> None:
    lines = re.findall(r"python -m grader ((?:export )?[a-z0-9-]+)([^`\n]*)", read("docs/teachers.md"))
    named = [(words, option) for words, rest in lines for option in re.findall(r"(?<= )--?[a-z-]+", rest)]
    assert [(words, option) for words, option in named if option not in help_of(*words.split())] == []
    assert len(named) > 10


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])  # the third tells of what was once there too
def test_every_kata_that_a_document_names_is_there(document: str) -> None:
    named = set(re.findall(r"\b\d\d_[a-z][a-z_]+", read(document)))
    assert {name for name in named if not (ROOT / "exercises" / name / "kata.toml").is_file()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_into_the_repository_leads_somewhere(document: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read(document))
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


# --- locks ------------------------------------------------------------------------------------------------


def pins(lock: str) -> dict[str, set[str]]:
    """Return the versions that a lock pins, by package: more than one where they depend on the Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ]+) ", read(lock), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_everything_by_hash_and_holds_no_address(lock: str) -> None:
    text = re.sub(r"^ *#.*\n", "", read(lock), flags=re.MULTILINE)
    entry = r"[a-z0-9-]+==[^\s;]+(?: ; [^\n\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.sub(entry, "", text) == ""
    assert "/" not in read(lock)


def test_the_locks_pin_what_the_project_asks_for() -> None:
    settings = tomllib.loads(read("pyproject.toml"))
    groups = settings["dependency-groups"]
    wanted = [*settings["project"]["dependencies"], *groups["tests"], *groups["course"]]
    assert {re.split(r"[ >=]", text)[0] for text in wanted} <= set(pins("requirements.lock"))
    tools = [text for text in groups["dev"] if isinstance(text, str)]
    assert {re.split(r"[ >=]", text)[0] for text in tools} <= set(pins("requirements-dev.lock"))


def test_learners_and_developers_run_the_same_versions() -> None:
    everything = pins("requirements-dev.lock")
    assert {name: everything.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


# --- CI ---------------------------------------------------------------------------------------------------


def sessions() -> set[str]:
    """Return the names of the noxfile's sessions."""
    functions = [node for node in ast.parse(read("noxfile.py")).body if isinstance(node, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        if any(ast.unparse(decorator).startswith("nox.session") for decorator in function.decorator_list)
    }


def workflow_sessions() -> set[str]:
    (listed,) = re.findall(r"^ +sessions: \[(.+)\]$", read(".github/workflows/ci.yml"), re.MULTILINE)
    return set(listed.replace(",", " ").split())


def test_ci_runs_what_a_developer_runs_and_nothing_else() -> None:
    by_hand = {"benchmarks", "coverage", "lock", "pages"}
    assert workflow_sessions() == sessions() - by_hand


def test_the_ci_script_runs_every_session_of_the_workflow() -> None:
    """But `tests`, which is the README's second command, and so runs in `readme`."""
    called = set(re.findall(r"\b[a-z]+\b", " ".join(re.findall(r"^nox -s (.+)$", read(".ci/run"), re.MULTILINE))))
    called |= {"pythons"} if 'others+=("pythons-$version")' in read(".ci/run") else set()
    assert called - {"others"} == workflow_sessions() - {"tests"}


def test_every_session_that_contributing_names_is_there() -> None:
    named = set(re.findall(r"nox -s ([a-z]+)", read("CONTRIBUTING.md")))
    named |= set(re.findall(r"^\| `([a-z]+)` \|", read("CONTRIBUTING.md"), re.MULTILINE))
    assert named <= sessions()
    assert named >= {"readme", "lock"}


def test_workflows_may_do_nothing_by_default_and_pin_what_they_use() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (\S+)(.*)", text)
        assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
        assert [use for use, _ in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", use)] == []
        assert [use for use, comment in used if not re.fullmatch(r" # v\d+(\.\d+)*", comment)] == []


# --- every file -------------------------------------------------------------------------------------------

OURS = {".ci", ".github"}
LEFT_BY_TOOLS = {"__pycache__", "build", "dist", "htmlcov", "node_modules", "venv"}
HOSTS = [
    ".".join(parts)  # in pieces, so that this file names none
    for parts in [("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org")]
]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the text files of the repository, leaving out what tools and editors leave."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name in OURS or (name[0] != "." and name not in LEFT_BY_TOOLS)]
        for path in (Path(folder, name) for name in files):
            if path.is_file() and path.stat().st_size < 1_000_000:
                data = path.read_bytes()
                if b"\0" not in data:
                    yield path.relative_to(ROOT), data.decode("utf-8", "replace")


def test_no_file_tells_the_machine_that_it_was_written_on() -> None:
    own = [str(place) + os.sep for place in (ROOT, Path.home()) if len(place.parts) > 1]
    machine = re.compile("|".join([*map(re.escape, own), r"(?<![\w.])/(?:home|Users)/[a-z]\w*/"]))
    assert [f"{path}: {match[0]}" for path, text in texts() for match in machine.finditer(text)] == []


def test_no_file_names_a_package_registry() -> None:
    assert [f"{path}: {host}" for path, text in texts() for host in HOSTS if host in text] == []


if __name__ == "__main__":
    text = TABLE.sub(lambda _: kata_table(), read("README.md"))
    (ROOT / "README.md").write_text(text, encoding="utf-8", newline="\n")
    (ROOT / template.AUTOGRADING).write_bytes(template.autograding(course.load(ROOT).katas))


def test_texts_for_learners_refer_to_katas_that_there_are() -> None:
    there = {folder.name[:2] for folder in (ROOT / "exercises").glob("[0-9][0-9]_*")}
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "exercises").glob("*/*.md")]
    meant = {
        (path.relative_to(ROOT).as_posix(), number)
        for path in texts
        for named in re.findall(r"\bkatas? ((?:\d\d(?:, | and | to )?)+)", path.read_text(encoding="utf-8"))
        for number in re.findall(r"\d\d", named)
    }
    assert len(meant) > len(there), "the pattern finds them"
    assert [(path, number) for path, number in sorted(meant) if number not in there] == []
