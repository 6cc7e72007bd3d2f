"""Lines of a program that are marked with ``# step``: just before each of them a thread can be stopped.

A call is put before the marked statement when the program is compiled. Line events would do it too, but which lines
have how many of them (the end of a ``with`` has one more) differs between versions of Python.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.current import here
from grader.bubble.operations import Operation, always

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

STEP: Final = "step"
"""The kind of the operation that a thread announces before a marked line; its target is that line: path and number."""

_MARK: Final = "# step"
_NAME: Final = "__step__"


def execute(source: str, path: str, names: dict[str, Any]) -> None:
    """Run the text of a program in the namespace `names`, so that `follow` can stop its threads before marked lines.

    A line is marked by a comment that is just ``# step``. A thread can be stopped there each time before the statement
    that begins in that line is done; at a ``while``, each time before it is asked whether to go on.

    >>> names = {}
    >>> execute("total = 3  # step", "program.py", names)
    >>> names["total"]
    3

    Args:
        source: the program's text.
        path: what its file is called, in `files` of `follow` too.
        names: gets what the program defines.

    Raises:
        ValueError: if a mark is in a line in which no statement begins, or in the first one of a ``for``.
    """
    names[_NAME] = step
    exec(_compiled(source, path), names)  # noqa: S102 - this is what it is for


def step() -> None:
    """Let others go on before the calling thread does what is in its present line, if the run wants that."""
    thread = here()
    if thread is not None:
        frame = sys._getframe(1)
        place = frame.f_code.co_filename, frame.f_lineno
        thread.scheduler.perform(thread, Operation(STEP, always, target=place))


def _compiled(source: str, path: str) -> CodeType:
    tree = ast.parse(source, path)
    marked = _marked(source)
    for node in list(ast.walk(tree)):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list):
                setattr(node, field, list(_with_calls(statements, marked)))
    if marked:
        raise ValueError(messages.misplaced_mark(f"{path}:{min(marked)}", _MARK))
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


def _marked(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT and token.string.strip() == _MARK}


def _with_calls(statements: list[ast.stmt], marked: set[int]) -> Iterator[ast.stmt]:
    """Yield the statements with a call before each that is `marked`; its line is taken out there."""
    for statement in statements:
        if statement.lineno in marked and not isinstance(statement, ast.For | ast.AsyncFor):
            marked.discard(statement.lineno)
            call = ast.copy_location(ast.Call(ast.Name(_NAME, ast.Load()), [], []), statement)
            if isinstance(statement, ast.While):
                test = ast.BoolOp(ast.Or(), [call, statement.test])  # the call gives None
                statement.test = ast.copy_location(test, statement.test)
            else:
                yield ast.copy_location(ast.Expr(call), statement)
        yield statement
