"""Counts lines: four entries for ann, as she has four lines until the settings are there.

An entry goes to the next marked line, so ann has ended after three.

Fails: test_unfinished_settings_are_seen
"""

SCHEDULES = {
    "deposits": ["ann", "bob"],
    "withdrawals": ["ann", "ann", "bob", "bob"],
    "settings": ["ann", "ann", "ann", "ann", "bob"],
    "transfers": ["ann", "ann", "bob", "bob"],
    "cakes": ["ann", "ann", "cid", "cid", "bob", "bob"],
}
