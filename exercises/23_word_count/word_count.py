"""Kata 23: count the words of large files, in several processes and little memory."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence


def count_words(paths: Sequence[str | os.PathLike[str]], workers: int) -> Counter[str]:
    r"""Return how often each word comes in the files at `paths`, all taken together.

    For one small file it is ``Counter(w.lower() for w in re.findall(r"\w+", text))``, where `text` is the file read as
    UTF-8 with ``errors="replace"``; and this is the result for files of any size.

    The counting is done by other processes, at most `workers` at a time, and none of it twice; this process only adds
    up. Where there are two large files or more and `workers` is 2 or more, two processes count at the same time.

    No process's memory grows by 64 MiB or more, however large a file is (where there are not many different words). A
    file may be a single line. No word is longer than 64 KiB.

    Args:
        paths: any number of files, also none. The same file may come twice; then its words count twice.
        workers: 1 or more.

    Raises:
        OSError: what opening raises if a file is missing or can't be read.
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
