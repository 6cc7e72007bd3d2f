"""The learner's stdout: whole lines, whoever prints them and however they are written."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from grader.inside.output import LineWriter


class Sink:
    """A `LineWriter` on a pipe, what it noted, and what came out of the other end."""

    def __init__(self) -> None:
        self._source, self._target = os.pipe()
        self.noted: list[tuple[str, str]] = []
        self.stream = LineWriter(self._target, lambda line: self.noted.append((threading.current_thread().name, line)))

    def came(self) -> str:
        """Return all that was written, after which nothing more can be."""
        os.close(self._target)
        with os.fdopen(self._source, "rb") as source:
            return source.read().decode()

    @property
    def lines(self) -> list[str]:
        return [line for _, line in self.noted]


@pytest.fixture
def sink() -> Sink:
    return Sink()


def test_a_line_comes_out_when_it_is_whole(sink: Sink) -> None:
    sink.stream.write("he")
    sink.stream.write("llo\nwor")
    assert sink.lines == ["hello"]
    assert sink.came() == "hello\n"


def test_the_lines_of_threads_that_print_at_once_are_whole(sink: Sink) -> None:
    """Each print is two writes, of the text and of its end; in a plain stream another thread gets in between."""

    def chatter(letter: str) -> None:
        start.wait()
        for _ in range(200):
            print(letter * 30, file=sink.stream)

    start = threading.Barrier(4)
    threads = [threading.Thread(target=chatter, args=(letter,), name=letter) for letter in "abcd"]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    rows = sink.came().splitlines()
    assert sorted(rows) == sorted(letter * 30 for letter in "abcd" for _ in range(200))
    assert all(line == name * 30 for name, line in sink.noted)


def test_a_line_that_was_flushed_in_parts_is_noted_as_one(sink: Sink) -> None:
    for part in ("1", "2", "3\n"):
        print(part, end="", file=sink.stream, flush=True)
    assert sink.lines == ["123"]
    assert sink.came() == "123\n"


def test_what_was_flushed_has_come_out(sink: Sink) -> None:
    print("no end", end="", file=sink.stream, flush=True)
    assert sink.came() == "no end"


def test_at_the_end_the_unfinished_lines_of_all_threads_come_out(sink: Sink) -> None:
    thread = threading.Thread(target=sink.stream.write, args=("of a thread",), name="a")
    thread.start()
    thread.join()
    sink.stream.write("of the main one")
    sink.stream.flush_all()
    assert sorted(sink.lines) == ["of a thread", "of the main one"]
    assert sorted(sink.came().split("of ")) == ["", "a thread", "the main one"]


def test_several_lines_in_one_write_are_noted_each(sink: Sink) -> None:
    sink.stream.write("a\n\nb\n")
    assert sink.lines == ["a", "", "b"]


def test_a_line_without_end_is_not_kept_for_ever(sink: Sink) -> None:
    reader = threading.Thread(target=lambda: os.read(sink._source, 10**6))
    reader.start()
    for _ in range(70):
        sink.stream.write("x" * 1000)
    reader.join(10)
    assert not reader.is_alive()


def test_what_no_encoding_has_is_spelt_out(sink: Sink) -> None:
    print("\ud800 ä", file=sink.stream)
    assert sink.came() == "\\ud800 ä\n"


def test_only_text_can_be_written(sink: Sink) -> None:
    with pytest.raises(TypeError, match="must be str, not bytes"):
        sink.stream.write(b"x")  # type: ignore[arg-type]
    assert sink.came() == ""


def test_bytes_go_through_its_buffer_as_in_any_stdout(sink: Sink) -> None:
    sink.stream.buffer.write(b"raw\n")
    assert sink.came() == "raw\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_does_not_print_what_other_threads_had_begun(sink: Sink) -> None:
    thread = threading.Thread(target=sink.stream.write, args=("of a thread",))
    thread.start()
    thread.join()
    pid = os.fork()
    if pid == 0:
        sink.stream.flush_all()
        os._exit(0)
    os.waitpid(pid, 0)
    assert sink.came() == ""
