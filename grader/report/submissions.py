"""What is shown while a class is graded: a bar on a terminal, a line a submission elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from grader.printable import line
from grader.report import messages

if TYPE_CHECKING:
    from rich.progress import Progress

_LINE = 400


class Lines:
    """One line for each submission."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._done = self._planned = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Nothing is left to tidy."""

    def planned(self, count: int) -> None:
        """Take note that `count` submissions are to come."""
        self._planned = count

    def graded(self, name: str, came: str, *, problem: bool) -> None:  # noqa: ARG002 - what every listener is told
        """Write what came of a submission."""
        self._done += 1
        self._out.write(f"{line(f'{self._done}/{self._planned} {name}: {came}', _LINE)}\n")
        self._out.flush()


class Bar:
    """A bar that tells how many are done, gone at its end; what could not be graded stays above it."""

    def __init__(self) -> None:
        self._progress = _bar()
        self._task = self._progress.add_task("", total=None, said="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Take the bar away."""
        self._progress.stop()

    def planned(self, count: int) -> None:
        """Show of how many."""
        self._progress.update(self._task, total=count)

    def graded(self, name: str, came: str, *, problem: bool) -> None:
        """Move on by one, and tell what came of it."""
        said = line(f"{name}: {came}", _LINE)
        if problem:
            self._progress.console.print(said, markup=False, highlight=False)
        self._progress.update(self._task, advance=1, said=said)


def _bar() -> Progress:
    from rich.progress import (  # noqa: PLC0415 - it costs 40 ms that who wants lines need not wait
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column  # noqa: PLC0415 - as above

    from grader.report.terminal import console  # noqa: PLC0415 - as above

    said = TextColumn("{task.fields[said]}", markup=False, table_column=Column(ratio=1, no_wrap=True))
    times = (TextColumn(messages.GOES_ON_FOR), TimeElapsedColumn(), TextColumn(messages.LEFT), TimeRemainingColumn())
    bar = BarColumn(bar_width=20)
    return Progress(bar, MofNCompleteColumn(), *times, said, console=console(), transient=True, expand=True)
