"""The entry for Classroom 50: its bundle grades a student's checkout, and leaves what the service collects."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from grader import autograder, course
from grader.sandbox.survey import survey
from tests import tiny_course
from tests.rehearsal import commit, fake_sudo, git, needs_posix
from tests.report.samples import ENVIRONMENT
from tests.tiny_course import answer

pytestmark = pytest.mark.skipif(not needs_posix, reason="its runners are Linux")

SCHEMA = Path(__file__).parent / "report" / "schemas" / "classroom50.schema.json"
CALL = """\
import importlib.util, sys
spec = importlib.util.spec_from_file_location("autograder", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.install = lambda folder: sys.executable  # it has what would be installed
module.TIER = sys.argv[2]
sys.exit(module.main())
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assignment's folder of the service, with the real grader and a tiny kata."""
    place = tmp_path_factory.mktemp("bundle")
    clone = tiny_course.make(place / "clone", changes={"requirements.lock": "click==8.5.1\n"})
    whole = course.load(clone)
    packed = autograder.pack(whole, whole.katas, "classroom50")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(place / "assignment")
    return place / "assignment"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A student's repository, with a wrong answer."""
    root = tmp_path / "checkout"
    (root / "exercises/01_double").mkdir(parents=True)
    (root / "exercises/01_double/double.py").write_text(answer("number ** 2"), encoding="utf-8")
    git(tmp_path, "init", "--quiet", str(root))
    return root


def call(bundle: Path, checkout: Path, tier: str = survey().tier) -> subprocess.CompletedProcess[str]:
    """Run the entry as the service's runner does."""
    tools = fake_sudo(checkout.parent / "bin")
    summary = checkout.parent / "summary.md"
    known = {**ENVIRONMENT, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    return subprocess.run(
        [sys.executable, "-c", CALL, str(bundle / "autograder.py"), tier],
        cwd=checkout,
        env={"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "HOME": str(checkout.parent), **known},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def nothing(path: Path) -> None:
    """Leave it."""


def forged(path: Path) -> None:
    path.write_text('{"score": 1000}', encoding="utf-8")


def linked(path: Path) -> None:
    (path.parent / "victim").write_text("mine", encoding="utf-8")
    path.symlink_to("victim")


@pytest.mark.parametrize("handed_in", [nothing, forged, linked, Path.mkdir])
def test_a_checkout_is_graded_whatever_lies_in_the_results_place(
    bundle: Path, checkout: Path, handed_in: Callable[[Path], None]
) -> None:
    handed_in(checkout / "result.json")
    commit(checkout)
    done = call(bundle, checkout)
    assert done.returncode == 0, done.stderr
    told = json.loads((checkout / "result.json").read_bytes())
    jsonschema.validate(told, json.loads(SCHEMA.read_bytes()))
    assert (told["score"], told["max-score"], told["owner"]) == (2, 3, ENVIRONMENT["OWNER"])
    assert told["submission"] == ENVIRONMENT["SUBMISSION_TAG"]
    assert not (checkout / "result.json").is_symlink()
    assert (checkout.parent / "summary.md").read_text(encoding="utf-8").startswith("## 2 of 3 points\n")


def test_the_time_is_that_of_the_commit_however_late_it_is_graded(
    bundle: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T12:00:00+02:00")
    commit(checkout)
    assert call(bundle, checkout).returncode == 0
    assert json.loads((checkout / "result.json").read_bytes())["datetime"] == "2026-03-01T10:00:00Z"


@pytest.mark.parametrize("seconds", [253402300800, 10**17])
def test_a_commit_of_a_year_that_no_calendar_has_costs_no_score(
    bundle: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{seconds} +0000")
    commit(checkout)
    done = call(bundle, checkout)
    assert done.returncode == 0, done.stderr
    told = json.loads((checkout / "result.json").read_bytes())
    assert (told["score"], told["datetime"]) == (2, told["graded_at"])


@pytest.mark.skipif(survey().tier == "A", reason="here is what it requires")
def test_what_can_not_be_graded_is_no_result(bundle: Path, checkout: Path) -> None:
    """A runner that has no sudo for us: an error of the infrastructure, not a score of nothing."""
    commit(checkout)
    done = call(bundle, checkout, tier="A")
    assert done.returncode == 3
    assert "Nothing was graded." in done.stderr
    assert not (checkout / "result.json").exists()


def test_the_bundle_requires_the_best_tier_and_holds_no_solutions(bundle: Path) -> None:
    """The service publishes bundles: anybody may read them."""
    assert '\nTIER = "A"\n' in (bundle / "autograder.py").read_text(encoding="utf-8")
    assert {path.name for path in bundle.iterdir()} - {"__pycache__"} == {"autograder.py", "course"}
    assert not (bundle / "course" / "solutions").exists()
