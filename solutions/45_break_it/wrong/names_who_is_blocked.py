"""Lets both go on into the circle, and then once more.

The program hangs by then; who waits for a lock can't go on.

Fails: test_two_transfers_wait_for_each_other
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob", "ann", "bob", "ann"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
