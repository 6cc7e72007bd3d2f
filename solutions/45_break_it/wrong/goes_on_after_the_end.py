"""Breaks the program, and goes on to name who has ended.

Fails: test_a_deposit_is_lost
"""

SCHEDULES = {
    "deposits": ["ann", "bob", "ann", "ann"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
