"""Lets cid bake both cakes before bob comes.

Bob takes one, and there is one left for ann when she goes on (MISTAKES.md 15).

Fails: test_a_cake_is_taken_from_who_was_woken
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "cid", "bob", "bob"],
}
