"""Kata 07: the module beside `notebook_trap.ipynb`. A child process can import it; a notebook it can't.

Move what the children shall do from the notebook to here, and import it there. Here is what the two files must do:

*   The notebook is run from its first cell to its last, in one go and in a new kernel. No cell ends by an error, none
    hangs.
*   Its first code cell stays as it is: children are all started by *spawn*, as on Windows and on a Mac.
*   When the last cell has run, the variable `results` holds the list ``[0, 1, 4, 9, 16]``. The squares come from other
    processes: a pool's, or `multiprocessing.Process`es of your own.
*   No child dies of an error, whether or not anybody notices: each ends with exit code 0, or the notebook ends it.

The function below is a proposal: another name or form is fine.
"""

from __future__ import annotations


def square(number: int) -> int:
    """Return `number` times itself."""
    raise NotImplementedError
