"""The checks of kata 23: the counts are exact, and the system tells what memory and CPU time each process took."""

import contextlib
import re
from collections import Counter
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import computing_together, overlapping

ENOUGH = 0.2
"""CPU seconds that one file should cost, so that beginning a process costs little beside it."""

MIB = 2**20
GROWTH = 64 * MIB
LETTERS = "abcdefghijklmnopqrstuvwxyzABCÄÖÜßéñ"
DRAIN_FIRST = (
    "If it waits in join(): a child can't end while what it has put into a queue is still on its way, and a pipe holds about 64 KiB. "
    "Take everything out of the queue first, and join then."
)
EMPTY = "What a child process counts into a variable of yours, it counts into its own copy: let it return its Counter."
SERIAL = (
    "`pool.submit(…).result()` in a loop waits for each file before it hands in the next; so does pool.apply; and a chunk of two files is "
    "one task."
)
SLOW = (
    f"{DRAIN_FIRST} If it waits for a process that still counts: some of these words are very long. re.search(r'\\w+\\Z', …), which shall find the last word, tries each "
    "character of each word before it, and goes to that word's end each time. re.finditer goes over the text once; its last match is the last word."
)


NOT_UTF8 = b"\xff\xfeab\xc3\xc3cd\xe2\x82ef"


def ask(learner, files, workers, *, limit=None, missing="", again=0):
    """Call the probe `count_words`, told in words: nobody could write down what is in the files."""
    sizes = [f"{len(block) * times:,}" for block, times in files]
    listed = f"{', '.join(sizes[:-1])} and {sizes[-1]}" if len(sizes) > 1 else "".join(sizes)
    told = f"[{'a file' if len(sizes) == 1 else f'{len(sizes)} files'} of {listed} bytes" if sizes else "["
    told += ", its path once more" if again else ""
    told += ", one that is not there" if missing else ""
    asked, before = f"count_words({told}], {workers})", len(learner.runs)
    try:
        run = learner.probe("count_words", files, workers, missing, again, limit=limit)
    except LearnerFault as fault:
        if len(learner.runs) > before:
            fault.message = fault.message.replace(learner.runs[-1].asked, asked)
        raise
    run.asked = asked
    return run


def words_of(data):
    """The counts of a file with these bytes, done by one process."""
    return Counter(word.lower() for word in re.findall(r"\w+", data.decode("utf-8", "replace")))


def expected_of(files):
    total = Counter()
    for block, times in files:
        for word, count in words_of(block).items():
            total[word] += count * times
    return dict(total)


def some_words(rng, count, letters=LETTERS, most=10):
    return ["".join(rng.choices(letters, k=rng.randint(1, most))) for _ in range(count)]


def text_of(rng, words):
    """The words with something between them, and after the last."""
    return "".join(word + rng.choice([" ", "  ", ", ", "\n", "-", "'", "…", "\u3000"]) for word in words)


def assert_counts(run, expected):
    """Each word has the right count; else tell what differs."""
    if run.value == expected:
        return
    error = run.value if not isinstance(run.value, dict) else ""
    assert not error, f"{run.asked} should return a Counter; it returned {error!r}."
    found = run.value
    if cut := cut_at_borders(found, expected):
        raise AssertionError(f"{run.asked}: the counts differ. {cut}")
    more = sorted(set(found) - set(expected))[:3]
    less = sorted(set(expected) - set(found))[:3]
    differ = {word: (found[word], count) for word, count in expected.items() if word in found and found[word] != count}
    examples = [f"{shown(word)} {was} times instead of {count}" for word, (was, count) in list(differ.items())[:3]]
    told = [
        f"words that are not in the files: {', '.join(map(shown, more))}" if more else "",
        f"words that are missing: {', '.join(map(shown, less))}" if less else "",
        f"other counts: {', '.join(examples)}" if examples else "",
    ]
    raise AssertionError(f"{run.asked}: the counts differ; {'; '.join(filter(None, told))}. {why(found, expected)}")


def shown(word):
    return repr(word if len(word) <= 30 else f"{word[:27]}…") + (f" ({len(word)} characters)" if len(word) > 30 else "")


def why(found, expected):
    """What may have made the counts differ."""
    if not found:
        return EMPTY
    if "abcdef" in found and "abcdef" not in expected:
        return (
            f"One file is {NOT_UTF8!r}: between ab, cd and ef stand bytes that are no UTF-8. 'abcdef' comes about where they are dropped, as by "
            "errors='ignore'. errors='replace' puts '\ufffd' in their place, which is no part of a word, and so parts ab, cd and ef."
        )
    if set(found) <= set(expected) and all(count <= expected[word] for word, count in found.items()):
        return (
            "Counts are too low, and no word is wrong: if several processes add to one dict, one overwrites what another has added "
            "between its reading and its writing. Let each count for itself and return its Counter."
        )
    if len(set(found) ^ set(expected)) <= 20 and max(map(len, expected)) < 1000:
        return (
            "Look at how words are found and lower-cased: the words of the text as it is, each of them in lower case."
        )
    return (
        "Files are read in pieces, and a piece can end in the middle of a word, or of a character of several bytes. Keep what is not "
        "finished and put it in front of the next piece."
    )


def cut_at_borders(found, expected):
    """What was cut where a piece ends, told by words that were counted as their two halves; "" if there are none."""
    more = {word for word, count in found.items() if count > expected.get(word, 0)}
    less = [word for word, count in expected.items() if len(word) < 200 and count > found.get(word, 0)]
    words, characters = [], []
    for word in less:
        for place in range(1, len(word)):
            before, at, behind = word[:place], word[place], word[place + 1 :]
            if before in more and at + behind in more:
                words.append(f"{shown(word)} was counted as {shown(before)} and {shown(at + behind)}")
            elif before in more and behind in more and not at.isascii() and at.isalnum():
                characters.append(
                    f"{shown(word)} was counted as {shown(before)} and {shown(behind)}, without its {at!r}"
                )
    if not words and not characters:
        return ""
    if len(words) >= len(characters):
        return (
            f"{words[0]}: a piece of the file ended there, in the middle of a word. Keep the last word of a piece, which may not be "
            "finished, and put it in front of the next piece."
        )
    return (
        f"{characters[0]}: a piece of the file ended there, between the bytes of that one character, and each half was decoded for "
        "itself. codecs.getincrementaldecoder, or open() in text mode, keeps back the bytes that are not finished."
    )


def why_empty(learner, files):
    """How nothing was counted here, as far as what the children sent shows it."""
    sent = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        sent = learner.probe("counters_sent", files, 3).value
    if not isinstance(sent, list):
        return EMPTY
    if sent:
        return (
            f"Yet {len(sent)} Counters were sent to this process, and none of them was added up: take what map() returns, or ask each result of "
            "apply_async() or submit() for its Counter."
        )
    return f"No child has sent a Counter. {EMPTY}"


def held_once(learner, files):
    """Where a path that comes twice may be lost, by how often the file is opened; done once more to be seen."""
    opened = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        opened = learner.probe("times_opened", files, 2, 1).value
    if type(opened) is not int or opened < 1:
        return "A set of paths, and a dict with paths as keys, hold it once."
    if opened == 1:
        return "Asked again, it opened the file once: a set of the paths, say, holds it once."
    return f"Asked again, it opened the file {opened} times: a dict with results by path, say, keeps one of them."


class Work(NamedTuple):
    """A file that this answer counts for a while: its CPU seconds, and those that a call at rest spends here."""

    file: tuple[bytes, int]
    seconds: float
    here: float


def work_for(learner, rng):
    """Find a file that costs this answer at least `ENOUGH` CPU seconds."""
    block = text_of(rng, rng.choices(some_words(rng, 300), k=8000)).encode()
    rest = ask(learner, [(b"a", 1)], 1)
    rest.raise_error()
    times = 8
    while True:
        run = ask(learner, [(block, times)], 1, limit=60)
        seconds = run.cpu_here + run.cpu_children - rest.cpu_here - rest.cpu_children
        if seconds >= ENOUGH or times > 1000:
            return Work((block, times), seconds, rest.cpu_here)
        times = int(times * min(4, 1 + 1.3 * ENOUGH / max(seconds, 0.01)))


@pytest.mark.points(2)
def test_small_files_are_counted_exactly(learner, rng):
    """All files together give the counts that one process would find."""
    common = some_words(rng, 5)
    special = ["İzmir", "ΟΔΥΣΣΕΥΣ", "ΟΔΟΣ'Ω", "snake_case", "42", "naïve", "Ünï", "東京"]
    texts = [text_of(rng, rng.choices([*common, *special, *some_words(rng, 20)], k=400)) for _ in range(3)]
    files = [*((text.encode(), 1) for text in texts), (b"", 1), (NOT_UTF8, 1)]
    run = ask(learner, files, 3)
    run.raise_error()
    assert run.value != {}, f"{run.asked} returned an empty Counter, without an exception. {why_empty(learner, files)}"
    assert_counts(run, expected_of(files))
    run = ask(learner, [(texts[0].encode(), 1)] * 2, 5)
    assert_counts(run, expected_of([(texts[0].encode(), 2)]))
    assert_counts(ask(learner, [], 2), {})
    once = [(texts[1].encode(), 1)]
    run = ask(learner, once, 2, again=1)
    assert run.value != expected_of(once), (
        f"{run.asked} gave each word as many times as it comes in the file once. The same path may come twice, and then its words count "
        f"twice. {held_once(learner, once)}"
    )
    assert_counts(run, expected_of(once * 2))


@pytest.mark.points(2)
def test_borders_cut_no_words_and_no_characters(learner, rng):
    """Words of any length, in characters of one to four bytes, are counted whole wherever they lie in a large file."""
    letters = "aéшЖ漢字かな𠀀𠀁"
    words = some_words(rng, 600, letters, 40) + some_words(rng, 3, "漢字かな", 20) + ["ж" * rng.randint(1_500, 2_500)]
    rng.shuffle(words)
    block = text_of(rng, words).encode() + b"\xe6\xbc " + "字 ".encode()
    # 64 KiB a word, about, in few characters: a natural re.search(r"\w+\Z", …) takes the square of their number.
    longest = f"a {'𠀀' * 16_000} {'𠀁' * rng.randint(15_000, 16_000)}".encode()
    files = [(block, 3 * MIB // len(block) + 1), (longest, 1)]
    with explaining(SLOW):
        run = ask(learner, files, 2, limit=60)
    run.raise_error()
    assert_counts(run, expected_of(files))


def test_many_different_words_come_through(learner, rng):
    """Results of some hundred kilobytes reach the parent."""
    files = [(text_of(rng, some_words(rng, 20_000)).encode(), 1) for _ in range(2)]
    with explaining(DRAIN_FIRST):
        run = ask(learner, files, 2)
    run.raise_error()
    assert_counts(run, expected_of(files))


def test_what_is_wrong_comes_to_the_caller(learner, rng):
    """A missing file raises its OSError here, and workers below 1 a ValueError."""
    files = [(text_of(rng, some_words(rng, 10)).encode(), 1)] * 2
    run = ask(learner, files, 2, missing="no_such_file.txt")
    run.raises(
        "FileNotFoundError",
        "Two of the three files are there. What a child raises ends the child: its exit code says so, and nobody else, unless you ask for "
        "the result of a future. Counts that lack a file look like counts.",
    )
    ask(learner, files, 0).raises("ValueError", "No workers can't count.")
    ask(learner, [], 0).raises("ValueError", "No workers are refused even where there is nothing to count.")


@pytest.mark.points(2)
def test_memory_stays_small(learner, rng):
    """On a file of 32 MiB, which is one line, no process grows by 64 MiB."""
    words = rng.choices(some_words(rng, 50, "abcdefghijkl", 60), k=2000)
    block = (" ".join(words) + " 😀 ").encode()
    rest = ask(learner, [(block, 1)], 2)
    rest.raise_error()
    files = [(block, 32 * MIB // len(block) + 1)]
    run = ask(learner, files, 2, limit=120)
    run.raise_error()
    assert_counts(run, expected_of(files))
    growth = run.peak_memory - rest.peak_memory
    assert growth < GROWTH, (
        f"{run.asked}: for a file of 32 MiB a process grew by {growth // MIB} MiB, {GROWTH // MIB} are allowed. "
        f"{in_lines(learner, files, rest.peak_memory, growth)} Read pieces of so many characters, and count each and let go of it before the "
        "next: as text each character can take 4 bytes."
    )
    assert_small_without_blanks(learner, rng, rest.peak_memory, growth)


def assert_small_without_blanks(learner, rng, at_rest, with_blanks):
    """On a file of 12 MiB without any white space no process grows by 64 MiB."""
    words = rng.choices(some_words(rng, 50, most=120), k=1000)
    block = "".join(word + rng.choice(",;:.-😀") for word in words).encode()
    files = [(block, 12 * MIB // len(block) + 1)]
    run = ask(learner, files, 2, limit=120)
    run.raise_error()
    assert_counts(run, expected_of(files))
    growth = run.peak_memory - at_rest
    assert growth < GROWTH, (
        f"{run.asked}: for a file of 12 MiB without any white space a process grew by {growth // MIB} MiB, {GROWTH // MIB} are allowed; for one of "
        f"32 MiB with blanks it was {with_blanks // MIB} MiB. So it cuts at white space, and keeps all before that. A word is \\w+, and ends at "
        "any other character: keep back only the word that touches the end of a piece."
    )


def in_lines(learner, files, at_rest, whole):
    """What memory the same words take in lines, and twice as many of them, in words."""
    lines = [(block.replace(b" ", b"\n"), times) for block, times in files]
    growth = double = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        growth = grown(ask(learner, lines, 2, limit=120), at_rest)
        if growth >= GROWTH:
            double = grown(ask(learner, [(block, 2 * times) for block, times in files], 2, limit=120), at_rest)
    if growth is None:
        return ""
    told = f"With each word in a line of its own it grew by {growth // MIB} MiB: so"
    if growth < GROWTH:
        return f"{told} the file is read line by line, and here the whole file is one line."
    if double is None:
        return f"{told} the lines don't matter."
    told = f"{told} the lines don't matter. For a file of twice the size it was {double // MIB} MiB:"
    if double < 1.5 * whole:
        return f"{told} so it does read in pieces, whose size is not the file's, and they are too large."
    return f"{told} so it holds the whole file at once, or a list of all its words."


def grown(run, at_rest):
    """The bytes by which a process of `run`, which came to its end, grew."""
    run.raise_error()
    return run.peak_memory - at_rest


def handed_in(learner):
    """When the second task was handed to the pool, in a sentence; "" if that was not seen."""
    told = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("tasks", [(b"a", 1), (b"b", 1)], 2).value
    if not isinstance(told, list):
        return ""
    if told[:3] == ["handed in", "done", "handed in"]:
        return "The second task was handed to the pool only when the first was done."
    if told.count("handed in") == 1:
        return "The pool was handed one task in all."
    if told[:2] == ["handed in", "handed in"]:
        return "The second task was handed to the pool before the first was done."
    return ""


def one_by_one(learner, run, busy):
    """How it came that no two processes counted at the same time."""
    if len(run.children) < 2:
        return "only one other process was started, and it counted both files."
    if not overlapping(run.children):
        return "each process was started when the one before it had ended. start() and join() in the same loop do that."
    did = "one of them counted both files" if len(busy) < 2 else "one counted when the other had done so"
    return (
        f"{len(run.children)} processes were there at the same time, and {did}: the other had nothing to do meanwhile. "
        + (handed_in(learner) or SERIAL)
    )


def assert_counted_once(learner, run, work):
    """No file is counted by two processes: told by what they sent, and by what they computed."""
    files = [work.file, work.file]
    words, sent = sum(expected_of(files).values()), learner.probe("counters_sent", files, 2, limit=60).value or []
    # Counters may be sent on and on, and CPU seconds are dearer where two share a core: so both.
    twice = sum(sent) >= 2 * words and run.cpu_children > 2.8 * work.seconds
    listed = f"{' and '.join(f'{count:,}' for count in sent[:4])}{' …' if len(sent) > 4 else ''}"
    assert not twice, (
        f"{run.asked}: the files have {words:,} words together, and the children sent {len(sent)} Counters, of {listed}. To count one of the files takes "
        f"{work.seconds:.2f} s, and they computed for {run.cpu_children:.2f} s. So what one counted was counted by another too, and nothing is "
        "gained. Give each file, or each part of one, to one process."
    )


@pytest.mark.points(2)
def test_two_processes_count_at_the_same_time(learner, rng):
    """Two files are counted by two other processes at the same time, never by more than `workers`."""
    work = work_for(learner, rng)
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        run = ask(learner, [work.file, work.file], 2, limit=60)
        run.raise_error()
        busy = [process for process in run.children if process.cpu >= work.seconds / 3]
        if computing_together(busy):
            break
    booked = f"{run.cpu_here:.2f} s were computed in this process and {run.cpu_children:.2f} s in its children"
    assert run.cpu_children >= work.seconds and run.cpu_here - work.here < work.seconds / 2, (
        f"{run.asked}: {booked}. Each of the files takes {work.seconds:.2f} s, and other processes should count both. "
        + (
            "No process was started: threads share this process and its GIL, so computing gains nothing by them."
            if not run.children
            else "The parent should only add up what they have found."
        )
    )
    assert len(busy) >= 2 and computing_together(busy), (
        f"{run.asked}: {one_by_one(learner, run, busy)} With two workers two should be at work at the same time: begin all before you wait for the first."
    )
    assert_counted_once(learner, run, work)
    run = ask(learner, [work.file, work.file], 1, limit=60)
    run.raise_error()
    busy = [process for process in run.children if process.cpu >= work.seconds / 3]
    assert not computing_together(busy), (
        f"{run.asked}: two processes counted at the same time, and `workers` is 1. It says how many there may be."
    )
