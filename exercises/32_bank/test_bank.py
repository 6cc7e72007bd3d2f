"""The checks of kata 32. Most try the schedules that differ: who runs when is chosen, and chosen otherwise the next time."""

from collections import Counter

import pytest

from grader.judge.faults import explaining

DONE, REFUSED = "done", "ValueError"
WORDS = "'done' where transfer returned, 'ValueError' where it raised that"
EACH_THE_OTHERS = (
    " Each holds one lock and waits for the other's. Take the locks of two accounts in the same order, whoever pays."
)
ASKS = (
    " A lock was asked for again and again, and never got: its holder asks for the other one in the same way, or has gone without giving it "
    "back. Who takes the two locks in the same order, whoever pays, can wait for each."
)
UNPAID = " No money was lost or made, but a transfer returned as if it had been made, and was not. Who does not get a lock waits for it, however long."
KEPT = " A lock must be given back on the way of an exception too: `with` does that."
ITSELF = (
    "An account pays itself here, (0, 0, amount): payer and payee have the same lock, and a thread that takes a Lock a second time "
    "waits for itself for ever."
)
BUDGET = 800
"""Schedules for each exploration: a lock that is tried again and again gives endlessly many that differ."""
NAPS = 100
"""Schedules more for an answer that sleeps: it may not be sleeps that keep its threads apart."""


def why_it_hangs(fault, else_why=""):
    """What a call that did not end means for the locks, by what was seen then; `else_why` if it was another thing."""
    if fault is not None and fault.message.count(", held by thread") > 1:
        return EACH_THE_OTHERS
    asks = fault is not None and (" keeps asking " in fault.message or " polls every " in fault.message)
    return ASKS if asks else else_why


def unpaid(end, balances, threads):
    """Whether the money adds up at the end, and not by the transfers that were done: `threads` had these, with `balances` before."""
    right = list(balances)
    for words, transfers in zip(end["told"], threads, strict=True):
        for word, (payer, payee, amount) in zip(words, transfers, strict=True):
            paid = amount if word == DONE else 0
            right[payer] -= paid
            right[payee] += paid
    return end["balances"] != right and sum(end["balances"]) == sum(balances)


@pytest.mark.points(2)
def test_the_first_pays_the_second(learner, rng):
    """transfer(a, b, amount) takes from a and gives to b, whichever account was opened first."""
    amount, back = rng.randint(10, 50), rng.randint(1, 9)
    run = learner.probe("in_turn", [100, 100], [(0, 1, amount), (1, 0, back), (0, 1, 0)])
    there, again = [100 - amount, 100 + amount], [100 - amount + back, 100 + amount - back]
    backwards = (
        [100 + amount, 100 - amount],
        [100 - amount - back, 100 + amount + back],
        [100 + amount + back, 100 - amount - back],
    )
    run.returned(
        [(DONE, there), (DONE, again), (DONE, again)],
        f"Two accounts with 100 each: the first pays {amount} to the second, the second pays {back} back, then 0. These are "
        + (
            "the balances after each: one of the payments went backwards. Sort the accounts (or their locks) to decide which lock "
            "is *taken* first, under other names; who pays is still the account that was given first."
            if any(balances in backwards for _, balances in run.value)
            else f"{WORDS}, and the balances after each."
        ),
    )


def test_what_is_not_there_can_not_be_paid(learner, rng):
    """Too much, or a negative amount, raises ValueError and changes nothing; all that is there can be paid."""
    held = rng.randint(10, 50)
    run = learner.probe("in_turn", [held, 5], [(0, 1, held + 1), (0, 1, -1), (0, 1, held), (0, 1, 1)])
    before, after = [held, 5], [0, held + 5]
    run.returned(
        [(REFUSED, before), (REFUSED, before), (DONE, after), (REFUSED, after)],
        f"The first account holds {held}, the second 5. The first shall pay {held + 1}, then -1, then {held}, then 1. These are "
        f"{WORDS}, and the balances after each.",
    )


def test_to_itself_nothing_happens(learner, rng):
    """From an account to itself nothing happens, whatever the amount; only a negative one is refused."""
    held = rng.randint(10, 50)
    with explaining(ITSELF):
        run = learner.probe("in_turn", [held], [(0, 0, 3), (0, 0, held + 1), (0, 0, -1)])
    run.returned(
        [(DONE, [held]), (DONE, [held]), (REFUSED, [held])],
        f"An account with {held} pays itself 3, then {held + 1}, then -1. First look whether the amount is negative, then whether "
        "both are the same account, then at the money.",
    )


@pytest.mark.points(2)
def test_opposite_transfers_end(learner):
    """Two transfers in opposite directions, and three in a circle, never wait for each other for ever."""
    opposite = "the first paid 3 to the second while the second paid 10 to the first."
    balances, threads = [80, 20], [[(0, 1, 3)], [(1, 0, 10)]]
    explored = learner.explore("at_once", balances, threads, budget=BUDGET)
    lacking = UNPAID if any(unpaid(end, balances, threads) for end in explored.values) else ""
    explored.only(
        {"told": [[DONE], [DONE]], "balances": [87, 13]},
        f"Of two accounts with 80 and 20, {opposite}{why_it_hangs(explored.fault, lacking)}",
    )
    learner.explore("at_once", [50, 50], [[(0, 1, 3)], [(1, 0, 10)]], budget=BUDGET).only(
        {"told": [[DONE], [DONE]], "balances": [57, 43]},
        f"Of two accounts with 50 each, {opposite} With 80 and 20 the same two payments came to their end under every schedule that was "
        "tried: does the order of the locks depend on the balances? These change; take what never changes, such as id(account).",
    )
    learner.explore("at_once", [50, 50, 50], [[(0, 1, 1)], [(1, 2, 2)], [(2, 0, 3)]], budget=BUDGET).only(
        {"told": [[DONE]] * 3, "balances": [52, 49, 49]},
        "Of three accounts with 50 each, the first paid 1 to the second, the second 2 to the third, the third 3 to the first.",
    )


def test_money_is_conserved(learner):
    """What several threads take from one account, or give to it, adds up."""
    why = (
        "Each `balance -= amount` and `balance += amount` reads, computes and writes; who is stopped in its middle writes what is "
        "out of date. All transfers that touch an account must take the same lock, the account's."
    )
    with learner.telling_locks():
        learner.explore("at_once", [50, 0, 0], [[(0, 1, 4)], [(0, 2, 15)]], naps=NAPS).only(
            {"told": [[DONE], [DONE]], "balances": [31, 4, 15]},
            f"One thread paid 4 and another 15 from the same account with 50, to two others. {why}",
        )
    with learner.telling_locks():
        learner.explore("at_once", [50, 50, 0], [[(0, 2, 4)], [(1, 2, 15)]], naps=NAPS).only(
            {"told": [[DONE], [DONE]], "balances": [46, 35, 19]},
            f"Two accounts with 50 paid 4 and 15 to the same third one, at the same time. {why}",
        )


def test_no_account_is_overdrawn(learner):
    """Of two payments for which the money lasts only once, one is refused."""
    with learner.telling_locks():
        learner.explore("at_once", [10, 0, 0], [[(0, 1, 7)], [(0, 2, 7)]]).always(
            lambda end: (
                end
                in (
                    {"told": [[DONE], [REFUSED]], "balances": [3, 7, 0]},
                    {"told": [[REFUSED], [DONE]], "balances": [3, 0, 7]},
                )
            ),
            "An account with 10 was to pay 7 twice, at the same time: one payment is done, the other raises ValueError, and 3 are "
            "left. Look at the balance and change it under the same lock, without giving it back in between.",
        )
    with learner.telling_locks():
        learner.explore("at_once", [5, 0, 0], [[(0, 1, 9)], [(0, 2, 5)]]).only(
            {"told": [[REFUSED], [DONE]], "balances": [0, 0, 5]},
            "An account with 5 was to pay 9, which it has not, and at the same time 5, which it has. Is the money taken before it is looked whether "
            "there is enough, and given back later? Who pays meanwhile does not find it: look first, under the same lock.",
        )


def test_a_refused_transfer_keeps_no_lock(learner):
    """After a refused transfer both accounts can be used by all threads."""
    balances, threads = [5, 20], [[(0, 1, 6)], [(1, 0, 2), (1, 0, -1)]]
    explored = learner.explore("at_once", balances, threads, budget=BUDGET)
    came = " These are what came of each thread's transfers, and the balances." if explored.fault is None else ""
    lacking = UNPAID if any(unpaid(end, balances, threads) for end in explored.values) else ""
    explored.always(
        lambda end: (
            end["told"][1] == [DONE, REFUSED]
            and (end["told"][0], end["balances"]) in (([REFUSED], [7, 18]), ([DONE], [1, 24]))
        ),
        "The first account, with 5, was to pay 6, which is refused unless the second has paid 2 to it before; the second paid 2, "
        f"and then -1, which is refused.{came}{why_it_hangs(explored.fault, lacking if came else KEPT)}",
    )


@pytest.mark.real_time
def test_a_ring_of_accounts_for_real(learner, rng):
    """On plain threads, four accounts pay both their neighbours 200 times, and the judge's transfers are all made, once."""
    run = learner.probe("many", 4, 200, clock="real", limit=10.0)
    run.returned(
        {"told": [DONE], "balances": [400] * 4}, "Each of four accounts with 400 paid 1 to either neighbour, 200 times."
    )
    transfers = [(*rng.sample(range(3), 2), rng.randint(1, 99)) for _ in range(24)]
    balances = [rng.randint(5_000, 6_000) for _ in range(3)]
    with learner.register(transfers, delay=0.001) as register:
        run = learner.probe("pays_for_the_judge", register, balances, 4, clock="real", limit=10.0)
    run.raise_error()
    register.together("start", 4)
    done = Counter(entry.words[1:] for entry in register.of("say", DONE, int, int, int))
    lacking = list((Counter(transfers) - done).elements())
    assert not lacking, (
        f"Four threads made transfers (payer, payee, amount) between three accounts with {balances}. All should come to their end without an "
        f"exception; these did not: {lacking}."
    )
    paid = [sum(amount for _, payee, amount in transfers if payee == number) for number in range(3)]
    taken = [sum(amount for payer, _, amount in transfers if payer == number) for number in range(3)]
    right = [balance + plus - minus for balance, plus, minus in zip(balances, paid, taken, strict=True)]
    why = (
        "These are the balances at the end." + UNPAID
        if run.value != right and isinstance(run.value, list) and sum(run.value) == sum(balances)
        else "The amounts are numbers whose + and - take a while, so others may run between reading a balance and writing it. These are the balances "
        "at the end: money was lost or made. Reading and writing the balances belong under the locks of both accounts."
    )
    run.returned(right, f"Four threads made 24 transfers between three accounts with {balances}. {why}")
