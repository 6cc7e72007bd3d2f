"""Lets bob look before ann has made anything.

He finds nothing, waits for the lock, and looks again when he has it: that is what the second `if` is for.

Fails: test_unfinished_settings_are_seen
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "bob", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
