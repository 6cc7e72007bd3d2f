"""JUnit XML, as GitLab and Jenkins both read it: a suite a kata, a test case a check.

GitLab shows the text inside a ``failure``, not its ``message``; groups by ``classname``; and turns an element's
``type`` into a type of its own where it knows the word (``integer``, ``yaml``, ``file``), which ours are not. Jenkins
takes what stands before the last dot of ``classname`` for the package. Both read ``[[ATTACHMENT|path]]`` in what was
printed as a file to fetch, so that is broken up. GitLab shows no text but that of a case which did not pass, and
Jenkins shows what a case printed: so notes are a skipped case of a suite of their own, in both places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from grader.printable import line
from grader.report import messages, wording
from grader.verdict import Check, Result, Status, Verdict

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NOT_IN_XML: Final = re.compile(r"[\ufffe\uffff]")
"""What XML cannot hold and `grader.printable` leaves: it spells control characters and surrogates."""

_ATTACHMENT: Final = re.compile(r"\[(?=\[ATTACHMENT)", re.IGNORECASE)


def write(result: Result) -> bytes:
    """Return `result` as JUnit XML."""
    from xml.etree.ElementTree import Element, indent, tostring  # noqa: PLC0415 - 5 ms that only this format pays for

    every = [check for kata in result.katas for check in kata.checks]
    top = Element("testsuites", {"name": "grader", **_counts(every), "time": _seconds(result.seconds)})
    for kata in result.katas:
        top.append(_suite(result, kata))
    notes = wording.notes_as_text(result)
    if notes:
        top.append(_notes(_text(notes)))
        top.attrib |= {"tests": str(len(every) + 1), "skipped": str(int(top.attrib["skipped"]) + 1)}
    indent(top)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="unicode").encode() + b"\n"


def _suite(result: Result, kata: Verdict) -> Element:
    from xml.etree.ElementTree import Element  # noqa: PLC0415 - as above

    began = result.started.replace("Z", "+00:00")
    attributes = {"name": kata.kata, **_counts(kata.checks), "time": _seconds(kata.seconds), "timestamp": began}
    suite = Element("testsuite", _inert(attributes))
    suite.extend(_case(kata, check) for check in kata.checks)
    return suite


def _notes(text: str) -> Element:
    from xml.etree.ElementTree import Element, SubElement  # noqa: PLC0415 - as above

    counts = {"tests": "1", "failures": "0", "errors": "0", "skipped": "1"}
    suite = Element("testsuite", {"name": messages.NOTES, **counts, "time": _seconds(0)})
    case = SubElement(suite, "testcase", {"classname": "grader.notes", "name": messages.NOTES, "time": _seconds(0)})
    properties = SubElement(case, "properties")
    for name in ("points", "max_points"):
        SubElement(properties, "property", {"name": name, "value": "0"})
    SubElement(case, "skipped", {"message": messages.NOTES, "type": messages.NOTES}).text = text
    SubElement(case, "system-out").text = text
    return suite


def _case(kata: Verdict, check: Check) -> Element:
    from xml.etree.ElementTree import Element, SubElement  # noqa: PLC0415 - as above

    attributes = {"classname": f"exercises.{kata.kata}", "name": check.name, "time": _seconds(check.seconds)}
    if check.where is not None:
        attributes |= {"file": f"exercises/{kata.kata}/{check.where.file}", "line": str(check.where.line)}
    case = Element("testcase", _inert(attributes))
    properties = SubElement(case, "properties")
    gained, most = (check.points, check.max_points) if check.status.counts else (0, 0)
    for name, value in (("title", check.title), ("points", str(gained)), ("max_points", str(most))):
        SubElement(properties, "property", _inert({"name": name, "value": value}))
    element = _element(check)
    if element:
        reason = _inert({"message": f"{check.status}: {check.title or check.name}", "type": _type(check.status)})
        SubElement(case, element, reason).text = _text(wording.message(check) or check.status)
    printed = wording.output(check)
    if printed:
        SubElement(case, "system-out").text = _text(printed)
    return case


def _element(check: Check) -> str:
    """Return what JUnit calls what came of `check`; ``""`` for passed with all of its points."""
    match check.status:
        case Status.PASSED:
            return "" if wording.full(check) else "skipped"
        case Status.FAILED | Status.TIMED_OUT:
            return "failure"
        case Status.CRASHED | Status.GRADER_ERROR:
            return "error"
        case Status.NOT_STARTED | Status.NOT_HERE | Status.NOT_RUN:
            return "skipped"


def _type(status: Status) -> str:
    return status.title().replace(" ", "")


def _counts(checks: tuple[Check, ...] | list[Check]) -> dict[str, str]:
    elements = [_element(check) for check in checks]
    named = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    return {"tests": str(len(elements))} | {key: str(elements.count(element)) for key, element in named}


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _inert(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes as single lines that XML can hold."""
    return {key: _text(line(value, 400)) for key, value in attributes.items()}


def _text(text: str) -> str:
    safe = _NOT_IN_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _ATTACHMENT.sub(r"[\\", safe)
