"""References at work on a large file: their results are right, their memory stays small, nothing is left on the disk.

Goal: each process grows by less than its kata allows, however large the file is. Run:
``python -m benchmarks.big_files [MEBIBYTES [JOB…]]``, by default 1024 and all jobs; it needs twice that space in the
folder for temporary files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import types
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MIB = 2**20
SEED = 14
WORKERS = 2
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"


class Job(NamedTuple):
    """One function of a reference.

    Attributes:
        answer: the reference's file.
        work: calls it with the file and a folder to write to; returns what is compared with `expected`.
        expected: what should come of it, by the number of blocks in the file.
        growth: MiB that a process may grow by.
    """

    answer: str
    work: Callable[[types.ModuleType, Path, Path], object]
    expected: Callable[[int], object]
    growth: int


def block() -> bytes:
    """Return 1 MiB of words, always the same; no word goes on in the next block."""
    rng = random.Random(SEED)  # noqa: S311 - no secret
    words = ["".join(rng.choices(LETTERS, k=rng.randint(1, 12))) for _ in range(2000)]
    text = " ".join(rng.choices(words, k=200_000)).encode()[: MIB - 1]
    return text.decode(errors="ignore").encode().ljust(MIB - 1) + b"\n"


def digest(blocks: int) -> str:
    """Return the SHA-256 of a file of so many blocks."""
    found, piece = hashlib.sha256(), block()
    for _ in range(blocks):
        found.update(piece)
    return found.hexdigest()


def words(blocks: int) -> dict[str, int]:
    """Return how often each word is in a file of so many blocks."""
    counts = Counter(word.lower() for word in re.findall(r"\w+", block().decode()))
    return {word: count * blocks for word, count in counts.items()}


def checksum(answer: types.ModuleType, path: Path, _: Path) -> object:
    """Compute the checksum of the file."""
    return answer.checksum_all([str(path)], WORKERS)[str(path)]


def copy(answer: types.ModuleType, path: Path, folder: Path) -> object:
    """Copy the file; the digest of the copy is computed once the time has been taken."""
    made = answer.copy_all([str(path)], str(folder), WORKERS)[str(path)]
    return Path(made)


def count(answer: types.ModuleType, path: Path, _: Path) -> object:
    """Count the words of the file."""
    return dict(answer.count_words([str(path)], WORKERS))


JOBS = {
    "checksum": Job("14_file_io/file_io.py", checksum, digest, 32),
    "copy": Job("14_file_io/file_io.py", copy, digest, 32),
    "words": Job("23_word_count/word_count.py", count, words, 64),
}


def load(name: str) -> types.ModuleType:
    """Import the reference in the file `name` under ``solutions``, by the name that its processes know it by."""
    path = ROOT / "solutions" / name
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def memory() -> tuple[int, int]:
    """Return the most KiB that this process had, and the most that one of its children had."""
    own = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(own[1]) if own else 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def do(name: str, source: str, folder: str) -> None:
    """Be the process of one job: print what came of it as JSON."""
    job, path = JOBS[name], Path(source)
    answer = load(job.answer)
    rest, _ = memory()
    began = time.perf_counter()
    result = job.work(answer, path, Path(folder))
    seconds = time.perf_counter() - began
    own, child = memory()
    if isinstance(result, Path):
        with result.open("rb") as file:
            result = hashlib.file_digest(file, "sha256").hexdigest()
    right = result == job.expected(path.stat().st_size // MIB)
    print(json.dumps({"right": right, "seconds": seconds, "grown": max(own, child) - rest}))


def main(blocks: int, names: list[str]) -> None:
    """Make the file, do the jobs, print the figures, and see that the folder is gone."""
    with tempfile.TemporaryDirectory(prefix="big-files-") as folder:
        path = Path(folder, "large.txt")
        piece = block()
        with path.open("wb") as file:
            for _ in range(blocks):
                file.write(piece)
        target = Path(folder, "target")
        target.mkdir()
        ok = all([report(name, path, target) for name in names])  # noqa: C419 - all of them, whatever the first says
    gone = not os.path.lexists(folder)
    print("the folder is gone" if gone else f"{folder} is still there")
    sys.exit(0 if ok and gone else 1)


def report(name: str, path: Path, target: Path) -> bool:
    """Do one job in a process of its own and print its figures; tell whether it is as it should be."""
    call = [sys.executable, "-m", "benchmarks.big_files", "--do", name, str(path), str(target)]
    done = subprocess.run(call, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    seen = json.loads(done.stdout)
    grown, allowed = seen["grown"] / 1024, JOBS[name].growth
    said = "right" if seen["right"] else "WRONG"
    rate = path.stat().st_size / MIB / seen["seconds"]
    print(
        f"{name:8}  {said}  {seen['seconds']:6.2f} s  {rate:6.0f} MiB/s  grew by {grown:5.1f} MiB of {allowed}",
        flush=True,
    )
    return bool(seen["right"]) and grown < allowed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--do"]:
        do(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024, sys.argv[2:] or [*JOBS])
