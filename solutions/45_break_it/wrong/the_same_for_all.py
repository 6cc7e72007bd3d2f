"""Found a schedule that breaks the first program, and took it for all of them.

Where a race is, and how many marks lie before it, is another question for each program.

Fails: test_more_is_paid_out_than_there_is, test_unfinished_settings_are_seen, test_two_transfers_wait_for_each_other, test_a_cake_is_taken_from_who_was_woken
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "bob"],
    "settings": ["ann", "bob"],
    "transfers": ["ann", "bob"],
    "cakes": ["ann", "bob"],
}
