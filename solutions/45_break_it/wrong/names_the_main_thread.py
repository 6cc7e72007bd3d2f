"""Names the main thread, as it has to start the others first.

That one goes first whenever it can, and is not named.

Fails: test_more_is_paid_out_than_there_is
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["MainThread", "ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
