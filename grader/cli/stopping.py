"""Ended by the system (`timeout`, Slurm, Kubernetes, a lost connection), a command stops as for Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let what asks a process to end do in the block what Ctrl-C does: what runs is tidied up, and what is done kept.

    Whoever is stopped hears no other of these: `timeout` sends two, and what starts processes sends them one more.
    """

    def stop(*_: object) -> None:
        for number in heard:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    asking = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = (signal.SIG_DFL, signal.default_int_handler)  # `nohup` and shells have some ignored, and so they stay
    heard = {number: before for number in asking if (before := signal.getsignal(number)) in usual}
    for number in heard:
        signal.signal(number, stop)
    yield
    for number, before in heard.items():
        if signal.getsignal(number) is stop:
            signal.signal(number, before)
