"""The checks of kata 24: every pixel is compared; the system tells what processes there were and what memory is left."""

import contextlib
import itertools
from typing import NamedTuple

import pytest

from grader.judge.faults import LearnerFault, explaining
from grader.judge.run import computing_together, overlapping

np = pytest.importorskip("numpy")

ENOUGH = 0.25
"""CPU seconds that a large image should cost."""
CLOSE = 1e-11
"""How much a pixel of a small image may differ, beside the largest one: float64 has 16 digits, and sums lose some."""
CLOSE_LARGE = 1e-8
"""The same of a large image, where sums that run over all of it lose more; float32 has 7 digits."""
LARGEST = 3000
"""Rows and columns of the largest image; larger ones would take much memory."""

GONE = (
    "If its process was ended by SIGSEGV: an array on top of shared memory is a view. After close() there is no memory under it, and to touch it "
    "is a crash without a traceback. Return a copy, made before you close."
)


class Image(NamedTuple):
    """An image, and how it is handed over."""

    pixels: object
    workers: int
    layout: str = "plain"


def blurred(image, beyond="edge"):
    """The 3×3 box mean, done by one process; `beyond` the edge is what this mode of np.pad puts there."""
    rows, columns = image.shape
    padded = np.pad(image.astype(np.float64), 1, mode=beyond)
    total = np.zeros((rows, columns))
    for down, right in itertools.product(range(3), repeat=2):
        total += padded[down : down + rows, right : right + columns]
    return total / 9


def random_image(rng, rows, columns, kind="float64"):
    source = np.random.default_rng(rng.getrandbits(32))
    if kind.startswith("float"):
        return source.uniform(-1000, 1000, (rows, columns)).astype(kind)
    limits = np.iinfo(kind)
    return source.integers(limits.max // 2, limits.max, (rows, columns), dtype=kind)


def ask(learner, image):
    """Have an image blurred; return the run, and how it is told in a message."""
    pixels = image.pixels
    with explaining(GONE):
        run = learner.probe(
            "blur", pixels.tobytes(), str(pixels.dtype), pixels.shape, image.workers, layout=image.layout
        )
    how = f"blur(an image of {pixels.shape[0]}×{pixels.shape[1]} {pixels.dtype}, {image.workers})"
    error = run.error
    few = (
        "A strip needs a row: with more workers than rows there are fewer strips."
        if image.workers > len(pixels)
        else ""
    )
    if error and "exported pointers" in error.text:
        few = (
            "close() raises this while an array still holds on to the memory, as one of np.frombuffer(memory.buf) does: let go of all of them "
            "first, by del or by leaving the function that holds them."
        )
    assert not error, f"{how} raised {run.told.rstrip()}\n{few}".rstrip()
    return run, how


def result_of(run, how, shape):
    """The result as an array, after a look at its type and shape."""
    value = run.value
    assert value["type"] == "ndarray", f"{how} should return an array; it returned {value['type']}."
    assert value["shape"] == shape and value["dtype"] == "float64", (
        f"{how} should return float64 in the shape {shape}; it returned {value['dtype']} in the shape {value['shape']}."
    )
    return np.frombuffer(value["data"]).reshape(shape)


def assert_blurred(run, how, image):
    """Each pixel is right; else say where it is not."""
    expected = blurred(image.pixels)
    found = result_of(run, how, image.pixels.shape)
    allowed = CLOSE * max(1.0, float(np.abs(image.pixels.astype(np.float64)).max()))
    wrong = np.argwhere(~(np.abs(found - expected) <= allowed))
    if not len(wrong):
        return
    row, column = map(int, wrong[0])
    rows = sorted({int(place[0]) for place in wrong})
    raise AssertionError(
        f"{how}: {len(wrong)} of {found.size} pixels are wrong; at row {row}, column {column} it gives "
        f"{given_and_right(found[row, column], expected[row, column])}. Rows with wrong pixels: {str(rows[:12])[1:-1]}{' …' if len(rows) > 12 else ''}. "
        f"{roughly(found, expected) or rounded(found, expected) or why(found, image, rows)}"
    )


def given_and_right(given, right):
    """Both numbers, with as many digits as it takes to tell them from each other."""
    digits = next(count for count in (6, 9, 12, 17) if f"{given:.{count}g}" != f"{right:.{count}g}" or count > 12)
    return f"{given:.{digits}g}, {right:.{digits}g} is right"


def roughly(found, expected):
    """What it means that all pixels are nearly right, a sentence; "" if they are not."""
    apart = float(np.max(np.abs(found - expected)))
    if not apart <= 1e-5 * float(np.max(np.abs(expected))):
        return ""
    return (
        f"No pixel is off by more than {apart:.1g}, which is about the 7 digits of float32: convert to float64 before you add, and let what "
        "is added up be float64."
    )


def rounded(found, expected):
    """What it means that all pixels are whole numbers beside the right ones, a sentence; "" if they are not."""
    if not np.array_equal(found, np.round(found)) or not np.all(np.abs(found - expected) < 1):
        return ""
    if np.all(found <= expected):
        return (
            "The array is of float64, and all in it are whole numbers, each less than 1 below the right one or equal to it: they were rounded down. The "
            "mean of nine pixels seldom is a whole number."
        )
    return "All of yours are whole numbers, and less than 1 away from the right ones, and not all of them below: they were rounded."


def why(found, image, rows):
    """What may have made pixels differ."""
    pixels = image.pixels
    if not found.any():
        return "All are 0: what a child process writes into an array of yours, it writes into its own copy; shared memory is for that."
    if edge := edge_of(found, pixels):
        return edge
    strips = min(image.workers, len(pixels))
    borders = {number * len(pixels) // strips + step for number in range(strips + 1) for step in (-1, 0)}
    if strips > 1 and set(rows) <= borders | {0, len(pixels) - 1} and not {0, len(pixels) - 1} >= set(rows):
        return "They lie where strips meet: a strip has to read one row of its neighbours on each side."
    if pixels.dtype.kind != "f":
        return "The image is of whole numbers: nine of them don't fit into their type. Compute in float64."
    if {0, len(pixels) - 1} >= set(rows) or (0 in rows and not np.allclose(found[0], blurred(pixels)[0])):
        return "Look at the edges: beyond them the pixels of the edge are repeated, they are not 0 and not left out."
    return (
        "If strips are written into the memory that others still read, these read what is blurred already."
        if image.workers > 1
        else "One worker computes all, so it is no matter of strips: look at the mean itself."
    )


def edge_of(found, pixels):
    """What was taken for the pixels beyond the edge, told by the first corner; "" if that is right, or something else."""
    here, padded = float(found[0, 0]), float(blurred(pixels, "constant")[0, 0])
    there = 9 * padded / pixels[:2, :2].size
    right = "beyond the edge the pixels of the edge are repeated"
    if np.isclose(here, padded, rtol=1e-12):
        return f"At row 0, column 0 yours is exactly what comes with 0 beyond the edge: np.pad puts zeros there unless mode='edge' is given; {right}."
    if np.isclose(here, there, rtol=1e-12) and pixels.size > 1:
        return f"At row 0, column 0 yours is exactly the mean of the pixels that are in the image: {right}."
    return ""


@pytest.mark.points(3)
def test_pixels_are_those_of_one_process(learner, rng):
    """The result is that of one process, where strips meet and at the edges too, for any number of workers."""
    for rows, columns, workers in ((12, 17, 1), (12, 17, 3), (rng.randint(20, 40), 9, 4), (2, 5, 2)):
        image = Image(random_image(rng, rows, columns), workers)
        assert_blurred(*ask(learner, image), image)


@pytest.mark.points(1)
def test_odd_images_are_blurred_too(learner, rng):
    """More workers than rows, one row, one column, one pixel."""
    for rows, columns, workers in ((3, 6, 8), (1, 7, 2), (7, 1, 3), (1, 1, 4)):
        image = Image(random_image(rng, rows, columns), workers)
        assert_blurred(*ask(learner, image), image)
    pixels = random_image(rng, 3, 3)
    run = learner.probe("blur", pixels.tobytes(), "float64", (3, 3), 0)
    run.raises("ValueError", "No workers can't blur.")


@pytest.mark.points(2)
def test_any_type_and_layout_is_taken(learner, rng):
    """Whole numbers don't overflow, any memory layout will do, and the image stays as it was."""
    cases = (
        ("uint8", "plain"),
        ("int32", "plain"),
        ("float32", "read-only"),
        ("float64", "strided"),
        ("uint8", "strided"),
    )
    for kind, layout in cases:
        image = Image(random_image(rng, 11, 13, kind), 3, layout)
        run, how = ask(learner, image)
        assert_blurred(run, f"{how} [{layout}]", image)
        assert run.value["untouched"], f"{how}: the image itself was changed. Whoever called you may still need it."


@pytest.mark.points(1)
def test_the_result_owns_its_memory(learner, rng):
    """What comes back is a new array, no view of memory that others manage."""
    run, how = ask(learner, Image(random_image(rng, 20, 10), 2))
    result_of(run, how, (20, 10))
    assert run.value["owns"], (
        f"{how} returned a view: result.flags.owndata is False. {under(run.value['under'])} Return a copy, as the last step."
    )


def under(owner):
    """Whose the memory under a view is, in words."""
    if owner in ("mmap", "memoryview"):
        return "Its result.base leads to the shared memory itself, which is gone when its SharedMemory lets go of it."
    if owner not in ("ndarray", "bytes", "bytearray"):
        return f"Its result.base leads to memory of another object ({owner}), and is gone when that one lets go of it."
    return (
        f"Its result.base leads to another object ({owner}), and not to shared memory: so it was copied, and then looked at in another way, as "
        "by reshape(), a slice or .T."
    )


@pytest.mark.points(1)
def test_shared_memory_is_released(learner, rng):
    """Nothing is left in the system's shared memory when it returns."""
    run, how = ask(learner, Image(random_image(rng, 30, 30), 2))
    result_of(run, how, (30, 30))
    left = run.shared_memory or ["told by Python's tracker"] * ("leaked shared_memory" in run.stderr)
    assert not left, (
        f"{how} left shared memory in the system: {', '.join(left)}. It is no part of your process: close() lets go of it here, and it stays "
        "until somebody calls unlink(), once, after all are done."
    )


def ways(seen):
    """How much of what was sent went to the children, and how much came back, as far as that was seen."""
    if not seen["forked"]:
        return ""
    to, back = seen["pickled"] - seen["back"], seen["back"]
    return f" ({to} on the way to the children, {back or 'none'} on the way back)"


def who_grows(learner):
    """How much more a larger image has this process and its children compute, a sentence; done once more to be seen."""
    runs = []
    with learner.aside(), contextlib.suppress(LearnerFault):
        runs = [learner.probe("blur_large", size, 1, 2, limit=60) for size in (LARGEST, 10)]
    if not runs or any(run.error for run in runs):
        return ""
    large, small = runs
    here, there = large.cpu_here - small.cpu_here, large.cpu_children - small.cpu_children
    return (
        f"For {LARGEST}×{LARGEST} pixels it computed {max(here, 0):.2f} s more in this process than for 10×10, and {max(there, 0):.2f} s more in its "
        "children. "
    )


def assert_shared(learner, rng):
    """The image and the result lie in shared memory, and are not sent."""
    run = learner.probe("blur_watched", 300, rng.getrandbits(32), 2, limit=60)
    run.raise_error()
    seen, how = run.value, "blur(an image of 300×300, 2)"
    assert seen["pickled"] < seen["image"] / 10, (
        f"{how}: arrays of {seen['pickled']} bytes in all were pickled and sent{ways(seen)}; the image has {seen['image']}. Send a task the names of the shared "
        "memory, the shape and its rows, and let it write its rows there."
    )
    assert seen["shared"] >= seen["image"], (
        f"{how}: the image has {seen['image']} bytes, and multiprocessing.shared_memory of {seen['shared']} was made. Image and result should lie there."
    )
    if seen["held"] is None:  # no image: that is told of the large one
        return
    pixels = 300 * 300
    assert seen["anywhere"] > pixels / 2, (
        f"{how}: of the {pixels:,} pixels of the result {seen['anywhere']:,} were in shared memory when it returned. So no other process "
        f"handed them over there. {who_grows(learner)}This process should only cut the image into strips, and wait."
    )
    whole = [held for held in seen["held"] if held == pixels]
    assert len(whole) < 2, (
        f"{how}: {len(whole)} blocks of shared memory held the whole result when it returned. So {len(whole)} workers computed all of it, and "
        "nothing is gained. Give each worker some of the rows, and one block for the rows of all."
    )


def size_for(learner, rng):
    """Find a size at which this answer computes at least `ENOUGH` CPU seconds, as far as memory allows."""
    size = 150
    while True:
        run = learner.probe("blur_large", size, rng.getrandbits(32), 1, limit=60)
        run.raise_error()
        seconds = run.cpu_here + run.cpu_children
        if size >= LARGEST or seconds >= 2 * ENOUGH:
            return size
        size = min(LARGEST, 2 * size)


def handed_in(learner):
    """When the second task was handed to the pool, in a sentence; "" if that was not seen."""
    told = None
    with learner.aside(), contextlib.suppress(LearnerFault):
        told = learner.probe("tasks", 60, 2).value
    if not isinstance(told, list):
        return ""
    if told[:3] == ["handed in", "done", "handed in"]:
        return "The second task was handed to the pool only when the first was done."
    if told.count("handed in") == 1:
        return "The pool was handed one task in all."
    if told[:2] == ["handed in", "handed in"]:
        return "The second task was handed to the pool before the first was done."
    return ""


def one_by_one(learner, busy):
    """How it came that they computed one after the other."""
    if overlapping(busy):
        told = (
            handed_in(learner) or "Was the second strip handed in when the first was done, or was it long on its way?"
        )
        return f"Both were there at the same time, and one had nothing to do meanwhile. {told}"
    return "The second process was started when the first had ended. Begin all strips before you wait for the first."


@pytest.mark.points(2)
def test_two_processes_blur_at_the_same_time(learner, rng):
    """The strips of a large image are computed by two other processes at the same time."""
    assert_shared(learner, rng)
    size, seed = size_for(learner, rng), rng.getrandbits(32)
    for _ in range(3):  # on a crowded machine the second may begin when the first is nearly done: then once more
        with explaining(GONE):
            run = learner.probe("blur_large", size, seed, 2, limit=60)
        run.raise_error()
        busy = sorted(run.children, key=lambda process: process.cpu)[-2:]
        if computing_together(busy):
            break
    how = f"blur(an image of {size}×{size}, 2)"
    sample = np.random.default_rng(seed).random((size, size))
    expected = blurred(sample)[::11, ::9]
    found = result_of(run, how, expected.shape)
    wrong = np.argwhere(~(np.abs(found - expected) <= CLOSE_LARGE))
    assert not len(wrong), (
        f"{how}: of {found.size} pixels that were looked at {len(wrong)} are wrong; at row {11 * wrong[0][0]}, column {9 * wrong[0][1]} it gives "
        f"{given_and_right(found[tuple(wrong[0])], expected[tuple(wrong[0])])}. {roughly(found, expected)}"
    ).rstrip()
    assert run.children, (
        f"{how}: no process was started. Threads share this process; with shared memory other processes can work on the same image."
    )
    seconds = ", ".join(f"{process.cpu:.2f} s" for process in run.children)
    assert len(busy) == 2 and busy[0].cpu > busy[1].cpu / 5, (
        f"{how}: two processes should share the work. CPU time of the child processes: {seconds}."
    )
    assert computing_together(busy), (
        f"{how}: two processes computed ({seconds}), one after the other. {one_by_one(learner, busy)}"
    )
