"""Marks around a script, however the bytes are cut on their way."""

import subprocess
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.transport.frame import FramedStream, framed, nonce

FRAME = framed("true", root=False)


def stream(*pieces: bytes) -> FramedStream:
    made = FramedStream(FRAME)
    for piece in pieces:
        made.feed(piece)
    return made


@given(
    noise=st.binary(max_size=40),
    content=st.binary(max_size=200),
    cuts=st.lists(st.integers(min_value=0, max_value=400), max_size=8),
)
def test_the_content_is_found_however_it_is_cut(noise: bytes, content: bytes, cuts: list[int]) -> None:
    whole = noise + b"\n" + FRAME.begin + b"\n" + content + b"\n" + FRAME.end + b" 7\n"
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    made = stream(*(whole[start:stop] for start, stop in pairwise(edges)))
    assert (made.noise, made.content, made.trailer, made.ended) == (noise, content, b"7", True)


def test_before_the_mark_all_is_noise() -> None:
    made = stream(b"Welcome to node-1\n")
    assert (made.began, made.ended, made.content, made.noise) == (False, False, b"", b"Welcome to node-1\n")


def test_a_trailer_counts_only_when_its_line_is_whole() -> None:
    made = stream(b"\n" + FRAME.begin + b"\nx\n" + FRAME.end + b" 1")
    assert not made.ended
    made.feed(b"2\n")
    assert (made.ended, made.trailer, made.content) == (True, b"12", b"x")


def test_lines_are_given_out_once_and_whole() -> None:
    made = stream(b"noise\n\n" + FRAME.begin + b"\none\ntw")
    assert made.new_lines() == ["one"]
    made.feed(b"o\nthree")
    assert made.new_lines() == ["two"]
    assert made.new_lines() == []
    made.feed(b"\n" + FRAME.end + b"\n")
    assert made.new_lines() == ["three"]


def test_no_mark_is_used_twice() -> None:
    assert framed("true", root=True).begin != framed("true", root=True).begin
    assert nonce() != nonce()


def test_half_a_program_runs_nothing() -> None:
    program = framed("echo ran", root=False).program
    for length in range(0, len(program) - 2, 7):
        done = subprocess.run(["sh", "-s"], input=program[:length], capture_output=True, check=False, timeout=60)
        assert done.stdout == b""
