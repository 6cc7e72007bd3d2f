"""What is shown while katas are graded: a live line on a terminal, a line a kata elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from grader.printable import line
from grader.report import messages
from grader.verdict import Check, Verdict

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Plain:
    """One line for each kata that is graded."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Nothing is left to tidy."""

    def planned(self, kata: str, count: int) -> None:
        """Take note that `count` checks of `kata` are to come."""

    def check(self, kata: str, check: Check) -> None:  # noqa: ARG002 - what every listener is told
        """Take note of a check; and, while the judges are at work, get ready to draw: rich takes 40 ms to import."""
        import grader.report.terminal  # noqa: F401, PLC0415 - see above

    def verdict(self, verdict: Verdict) -> None:
        """Write what came of a kata."""
        points = messages.points(verdict.points, verdict.max_points)
        self._out.write(f"{verdict.kata}: {verdict.status}, {points}, {verdict.seconds:.1f} s\n")
        self._out.flush()

    def waits(self, sentence: str) -> None:
        """Write why nothing happens."""
        self._out.write(f"{sentence}\n")
        self._out.flush()


class Live:
    """One line that tells how far the run is, gone at its end."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._planned = self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Take the line away."""
        if self._progress is not None:
            self._progress.stop()

    def planned(self, kata: str, count: int) -> None:
        """Begin to show the line, or let it know that more is to come."""
        self._planned += count
        self._tell(messages.begins(kata))

    def check(self, kata: str, check: Check) -> None:
        """Move on by one check."""
        self._done += 1
        self._tell(f"{kata}: {check.status}: {line(check.title or check.name, 60)}")

    def verdict(self, verdict: Verdict) -> None:
        """Show what came of a kata."""
        self._tell(f"{verdict.kata}: {verdict.status}")

    def waits(self, sentence: str) -> None:
        """Write why nothing happens, above the line: it has not the room."""
        self._started()[0].console.print(sentence, style="yellow")

    def _tell(self, said: str) -> None:
        progress, task = self._started()
        progress.update(task, completed=self._done, total=max(1, self._planned), said=said)

    def _started(self) -> tuple[Progress, TaskID]:
        if self._progress is None or self._task is None:
            self._progress = _bar()
            self._task = self._progress.add_task("", total=1, said="")
            self._progress.start()
        return self._progress, self._task


def _bar() -> Progress:
    # Imported when the judges are already at work: it costs 40 ms.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.table import Column  # noqa: PLC0415

    from grader.report.terminal import console  # noqa: PLC0415

    said = TextColumn("{task.fields[said]}", markup=False, table_column=Column(ratio=1, no_wrap=True))
    counted = MofNCompleteColumn()
    return Progress(
        BarColumn(bar_width=20), counted, TimeElapsedColumn(), said, console=console(), transient=True, expand=True
    )
