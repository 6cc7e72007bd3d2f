"""Writes the names into one text.

Fails: test_a_deposit_is_lost
"""

SCHEDULES = {
    "deposits": "ann bob",
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
