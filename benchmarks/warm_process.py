"""A warm learner's process: request to first reply, to its end, and a flood of output.

Goals: ≤ 8 ms to the first reply; a flood of 200 MB leaves the judge's memory under 100 MB. Run:
``python -m benchmarks.warm_process``.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader import wire
from grader.judge.exchange import Exchange, converse
from grader.sandbox.launch import Came, Child, Request, Starter

REPEATS = 200
SOURCE = """
def double(x):
    return 2 * x

def flood():
    for _ in range(200):
        print("x" * 2**20)
"""


class _Timed:
    """A child that remembers when its first frame came."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self.first = 0.0

    def receive(self, timeout: float) -> Iterator[Came]:
        for came in self._child.receive(timeout):
            if came.source == "channel" and not self.first:
                self.first = time.perf_counter()
            yield came

    def __getattr__(self, name: str) -> object:
        return getattr(self._child, name)


def ask(starter: Starter, folder: Path, function: str, *args: object) -> tuple[float, float, Exchange]:
    """Return ms to the first reply and to the end, and what was seen."""
    task = {
        "kind": "call",
        "function": function,
        "start_method": None,
        "module": "answer",
        "args": wire.encode(list(args)),
        "kwargs": wire.encode({}),
        "limit": 10.0,
    }
    began = time.perf_counter()
    child = _Timed(starter.start(Request(folder, folder)))
    seen = converse(child, task, limit=20.0, real=starter.kind == "real")
    return (child.first - began) * 1000, (time.perf_counter() - began) * 1000, seen


def main() -> None:
    """Measure both starters, then the flood."""
    with tempfile.TemporaryDirectory(prefix="gr-") as name:
        folder = Path(name)
        (folder / "answer.py").write_text(SOURCE, encoding="utf-8")
        for kind in ("bubble", "real"):
            starter = Starter(kind)
            ask(starter, folder, "double", 1)
            rows = [ask(starter, folder, "double", 21)[:2] for _ in range(REPEATS)]
            first, whole = (statistics.median(column) for column in zip(*rows, strict=True))
            print(f"{kind}: first reply {first:.1f} ms (goal 8: ratio {first / 8:.2f}), gone and told {whole:.1f} ms")
            if kind == "real":
                began = time.perf_counter()
                seen = ask(starter, folder, "flood")[2]
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(
                    f"flood: {seen.out.total / 2**20:.1f} MiB taken in {time.perf_counter() - began:.2f} s, "
                    f"{seen.fault!r}, judge at {memory:.0f} MB (goal 100: ratio {memory / 100:.2f})"
                )
            starter.close()


if __name__ == "__main__":
    main()
