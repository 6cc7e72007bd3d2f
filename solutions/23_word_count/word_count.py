"""The reference for kata 23."""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

PART = 8 * 2**20
"""Bytes of a file that are one task, about."""
PIECE = 2**16
"""Bytes that are read at once."""

WORD = re.compile(r"\w+")
SPACE = re.compile(rb"[ \t\r\n]")


class Part(NamedTuple):
    """A part of a file; it begins and ends at a space, or at the file's own begin and end."""

    path: str | os.PathLike[str]
    begin: int
    end: int


def count_words(paths: Sequence[str | os.PathLike[str]], workers: int) -> Counter[str]:
    """Return how often each word comes in the files at `paths`, all taken together."""
    if workers < 1:
        raise ValueError(f"workers is {workers}, at least one is needed")
    parts = [part for path in paths for part in parts_of(path)]  # places only: nothing is read yet but at the borders
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for counts in pool.map(count_part, parts):
            total.update(counts)
    return total


def parts_of(path: str | os.PathLike[str]) -> Iterator[Part]:
    """Cut the file at `path` into parts, at spaces: a byte that is no part of a word, nor of any other character."""
    with open(path, "rb") as file:  # noqa: PTH123 - what opens both kinds of path
        size = file.seek(0, os.SEEK_END)
        begin = 0
        for place in range(PART, size, PART):
            file.seek(place)
            space = SPACE.search(file.read(2 * PIECE))
            if space is not None:  # else this part and the next stay one
                yield Part(path, begin, place + space.start())
                begin = place + space.start()
        yield Part(path, begin, size)


def count_part(part: Part) -> Counter[str]:
    """Return how often each word comes in a part of a file, which is read piece by piece."""
    counts: Counter[str] = Counter()
    kept = ""  # the last word so far, which may go on in the next piece
    for piece in pieces_of(part):
        text = kept + piece
        kept = ""
        for word in WORD.finditer(text):
            if word.end() == len(text):
                kept = word[0]
            else:
                counts[word[0].lower()] += 1
    if kept:
        counts[kept.lower()] += 1
    return counts


def pieces_of(part: Part) -> Iterator[str]:
    """Yield the text of a part. The decoder keeps back the bytes of a character that is not whole yet."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with open(part.path, "rb") as file:  # noqa: PTH123 - as above
        file.seek(part.begin)
        while left := part.end - file.tell():
            yield decoder.decode(file.read(min(PIECE, left)), final=left <= PIECE)
