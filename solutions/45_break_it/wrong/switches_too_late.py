"""Lets ann go on once more before it is bob's turn.

She has written, or paid, or has both locks by then: bob comes after her, and nothing is wrong.

Fails: test_a_deposit_is_lost, test_more_is_paid_out_than_there_is, test_two_transfers_wait_for_each_other
"""

SCHEDULES = {
    "deposits": ["ann", "ann", "bob"],
    "withdrawals": ["ann", "ann", "ann", "bob"],
    "settings": ["ann", "ann", "bob"],
    "transfers": ["ann", "ann", "ann", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
