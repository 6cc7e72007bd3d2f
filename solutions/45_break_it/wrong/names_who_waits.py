"""Names ann again while she waits to be notified.

Nobody can make her go on but cid.

Fails: test_a_cake_is_taken_from_who_was_woken
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "ann", "cid", "cid", "bob", "bob"],
}
