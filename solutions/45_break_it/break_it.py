"""The reference for kata 45."""

from __future__ import annotations

SCHEDULES: dict[str, list[str]] = {
    # Both have read 0 and stand before the write. Then ann writes 10, and bob 20 over it.
    "deposits": ["ann", "bob"],
    # Both have asked under the lock, one after the other, and both were told that there is enough. Two entries each:
    # the first only leads to the lock.
    "withdrawals": ["ann", "ann", "bob", "bob"],
    # Ann has put an empty dict where everybody looks, and stands before she fills it. Bob finds something there, and
    # does not even ask for the lock.
    "settings": ["ann", "ann", "bob"],
    # Each has one lock and stands before the other's.
    "transfers": ["ann", "ann", "bob", "bob"],
    # Ann finds nothing and waits. Cid bakes the first cake and wakes her; before she has the lock back, bob comes by
    # and takes it. When she goes on she does not look again.
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
