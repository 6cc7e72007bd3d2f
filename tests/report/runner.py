"""Reads a step's log as a runner of GitHub Actions does: which lines are commands, and what they say.

After `ActionCommand.cs` and `ActionCommandManager.cs` of actions/runner: form 1 is ``::name props::data`` after white
space, form 2 ``##[name props]data`` anywhere in a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PROPERTY = {"%2C": ",", "%3A": ":", "%0A": "\n", "%0D": "\r", "%25": "%"}
_DATA = {"%0A": "\n", "%0D": "\r", "%25": "%"}


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """Return the commands that a runner carries out, `stop-commands` and its end among them."""
    found: list[Command] = []
    token = ""
    for row in re.split(r"\r\n|\r|\n", log):
        command = parse(row)
        if command is None or (token and command.name != token):
            continue
        found.append(command)
        token = command.data if command.name == "stop-commands" else ""
    return found


def parse(row: str) -> Command | None:
    """Return the command that a line is, None if it is none."""
    second = row.lstrip()
    if second.startswith("::") and "::" in second[2:]:
        head, _, data = second[2:].partition("::")
        return _command(head, ",", data)
    _, found, rest = row.partition("##[")
    if found and "]" in rest:
        head, _, data = rest.partition("]")
        return _command(head, ";", data)
    return None


def _command(head: str, separator: str, data: str) -> Command:
    name, _, properties = head.partition(" ")
    pairs = [pair.partition("=") for pair in properties.strip().split(separator) if "=" in pair]
    return Command(name, {key: _plain(value, _PROPERTY) for key, _, value in pairs}, _plain(data, _DATA))


def _plain(text: str, escapes: dict[str, str]) -> str:
    return re.sub("|".join(escapes), lambda match: escapes[match[0]], text)
