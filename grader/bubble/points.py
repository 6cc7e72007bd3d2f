"""Where a thread may be stopped for the sake of another order: what is known of it so far, and what can't be seen."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(slots=True)
class Points:
    """What several threads touch. Found out while schedules are run; what is found late makes the exploring begin anew.

    Attributes:
        shared: names of data that several threads touch at the same time, and one changes.
        tried: names of locks that are tried without a wait, asked, or released by who does not hold them: their
            releases count.
        late: whether something was added in this run.
        doubts: in words, why it is no proof that all schedules were run.
        whole: whether everything counts, known or not.
        naps: whether the learner's own code waited for a time.
    """

    shared: set[str] = dataclasses.field(default_factory=set)
    tried: set[str] = dataclasses.field(default_factory=set)
    late: bool = False
    doubts: dict[str, None] = dataclasses.field(default_factory=dict)
    whole: bool = False
    naps: bool = False

    def share(self, name: str) -> None:
        """Let accesses to `name` count from now on."""
        self.shared.add(name)
        self.late = True

    def try_out(self, name: str) -> None:
        """Let releases of the lock `name` count from now on."""
        if name not in self.tried:
            self.tried.add(name)
            self.late = True

    def doubt(self, words: str) -> None:
        """Remember that not all can be seen."""
        self.doubts[words] = None

    def copy(self, *, whole: bool = False) -> Points:
        """Return what is known now, to begin a run with."""
        return Points(set(self.shared), set(self.tried), whole=whole)
