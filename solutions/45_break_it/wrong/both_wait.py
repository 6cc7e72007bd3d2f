"""Lets ann and bob wait both, before cid bakes (MISTAKES.md 15: it is the third who makes the `if` fail).

Each cake wakes one, and nobody is there to take it from her.

Fails: test_a_cake_is_taken_from_who_was_woken
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "bob", "bob", "cid", "cid"],
}
