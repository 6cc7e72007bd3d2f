"""Takes a thread's first entry to do its first marked line, where it only leads to it.

Both stand before their first lock: nobody has asked for money, and nobody has a lock.

Fails: test_more_is_paid_out_than_there_is, test_two_transfers_wait_for_each_other
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
