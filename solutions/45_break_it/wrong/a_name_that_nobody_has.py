"""Writes names as they are written in a letter.

The threads are called ann and bob.

Fails: test_a_deposit_is_lost
"""

SCHEDULES = {
    "deposits": ["Ann", "Bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
