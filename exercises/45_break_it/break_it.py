"""Kata 45: five programs with a race each, and for each a schedule that makes it fail.

The programs are in the lesson, and in probes.py beside this file. You write no code: you say who goes on.

A schedule is a list of names of threads. Each entry lets that thread go on until it stands just before its next line
marked ``# step``; or until it has to wait for another; or until it has ended. A thread's first entry takes it from its
start to just before its first marked line. A thread that was stopped before a marked line does that line at its next
entry. After the list, the first thread that can go on is named again and again (ann before bob before cid), until all
is over. The main thread starts the others and waits for their ends; it is not named.

An entry for a thread that can't go on, as it waits for another or has ended, is impossible: so is a name that no thread
has. Then the schedule counts as wrong, even if the program has failed by then.
"""

from __future__ import annotations

SCHEDULES: dict[str, list[str]] = {
    "deposits": [],  # to end with less than 30
    "withdrawals": [],  # to end with less than 0
    "settings": [],  # to let one of the two see None
    "transfers": [],  # to hang for ever
    "cakes": [],  # to let one of the two take "nothing"
}
