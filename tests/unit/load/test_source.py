"""Files that are no inventories are refused in words, at once, before a byte of them is parsed."""

import os
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.source import read_source


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Path.mkdir, "is a directory"),
        (os.mkfifo, "is a named pipe (FIFO)"),
        (lambda path: path.write_bytes(b"a" * 1_000_001), "is larger than 1 MB"),
        (lambda path: path.symlink_to("nowhere"), "is a link to nowhere, and there is no such file"),
        (lambda path: path.symlink_to(path), "cannot be opened: Too many levels of symbolic links"),
        (lambda path: path.symlink_to("/dev/zero"), "is a character device"),
        (lambda path: path.write_bytes(b"a: 1\nb: \xff\n"), ":2:4: is not UTF-8: byte 0xff"),
        (lambda path: path.write_bytes("ä: 1\nö: ".encode() + b"\xc3"), ":2:4: is not UTF-8: byte 0xc3"),
        (lambda path: path.write_bytes(b"a: 1\r\nb: 2\r\n"), ":1:5: has Windows line ends (CRLF)"),
        (lambda path: path.write_bytes(b"a: 1\nb: \x00\n"), ":2:4: has the control character U+0000"),
        (lambda path: path.write_bytes("a: 1".encode("utf-16")), ":1:1: is UTF-16, not UTF-8"),
        (lambda path: path.write_bytes("apiVersion: x".encode("utf-16-be")), ":1:1: is UTF-16, not UTF-8"),
    ],
)
def test_what_is_no_text_file_is_refused(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    path = tmp_path / "x.yaml"
    make(path)
    with pytest.raises(InvalidInput, match=re.escape(words)):
        read_source(path)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        with pytest.raises(InvalidInput, match="is a socket, not a file"):
            read_source("s")


@pytest.mark.parametrize(("content", "mended"), [("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"), ("a: 1\rb: 2\r", "a: 1\nb: 2")])
def test_the_mend_of_line_ends_can_be_typed(tmp_path: Path, content: str, mended: str) -> None:
    path = tmp_path / "my lab.yaml"
    path.write_text(content, newline="")
    with pytest.raises(InvalidInput, match=r"Windows line ends|carriage return") as caught:
        read_source(path)
    subprocess.run(["sh", "-c", caught.value.advice.removeprefix("run: ")], check=True, timeout=20)
    assert read_source(path).text == mended


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be opened"):
        read_source("a\0b")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_source(tmp_path / "x.yaml").text == "a: 1\n"
