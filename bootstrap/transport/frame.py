"""A script between two marks that nobody can foresee: what login shells print around it never mixes in."""

import re
import secrets
import shlex
from dataclasses import dataclass
from typing import Literal

from bootstrap.transport.shell import ROOT_PATH

Input = Literal["nothing", "stream"]
NONCE = re.compile(r"kboot-[0-9a-f]{32}")


def nonce() -> str:
    """128 bits that no program on the host can guess."""
    return "kboot-" + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Frame:
    """The program to send and the marks that it prints on both streams, before and after the script."""

    program: bytes
    begin: bytes
    end: bytes


def framed(script: str, *, root: bool, stdin: Input = "nothing") -> Frame:
    """Wrap a script.

    All of it is one compound command, which a shell parses to its end before it starts: half a script never runs, and
    nothing of it is left on standard input for the commands in it. `stdin="stream"` leaves what follows to the script.
    """
    begin, end = nonce(), nonce()
    home = "HOME=/root; export HOME; " if root else ""
    source = "" if stdin == "stream" else " </dev/null"
    program = (
        f"{{ PATH={ROOT_PATH}; LC_ALL=C; export PATH LC_ALL; {home}umask 077; cd /\n"
        f"printf '\\n{begin}\\n' >&2; printf '\\n{begin}\\n'\n"
        f"(eval {shlex.quote(script)}\n){source}\n"
        f"printf '\\n{end} %d\\n' $?; printf '\\n{end}\\n' >&2; exit 0; }}\n"
    )
    return Frame(program.encode(), begin.encode(), end.encode())


class FramedStream:
    """One output stream as it arrives: noise, then what the script printed, then the trailer."""

    def __init__(self, frame: Frame) -> None:
        self._opening = b"\n" + frame.begin + b"\n"
        self._closing = b"\n" + frame.end
        self._data = bytearray()
        self._searched = 0
        self._start = -1
        self._stop = -1
        self._trailer = b""
        self._lines_from = 0

    @property
    def began(self) -> bool:
        """Whether the script has started."""
        return self._start >= 0

    @property
    def ended(self) -> bool:
        """Whether the script has ended and its trailer is here."""
        return self._stop >= 0

    @property
    def noise(self) -> bytes:
        """What came before the script: the login shell's greetings, or sudo's complaint."""
        return bytes(self._data if not self.began else self._data[: self._start - len(self._opening)])

    @property
    def content(self) -> bytes:
        """What the script has printed so far."""
        if not self.began:
            return b""
        return bytes(self._data[self._start : self._stop if self.ended else None])

    @property
    def trailer(self) -> bytes:
        """What the end mark's line says after the mark."""
        return self._trailer

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._data += data
        if not self.began:
            self._find_begin()
        if self.began and not self.ended:
            self._find_end()

    def new_lines(self) -> list[str]:
        """The script's whole lines that came since the last call; at the end, its unfinished line too."""
        if not self.began:
            return []
        fresh = self._data[self._start + self._lines_from : self._stop if self.ended else None]
        whole = len(fresh) if self.ended else fresh.rfind(b"\n") + 1
        self._lines_from += whole
        return fresh[:whole].decode(errors="replace").splitlines()

    def _find_begin(self) -> None:
        found = self._data.find(self._opening, self._searched)
        if found < 0:
            self._searched = max(0, len(self._data) - len(self._opening))
        else:
            self._start = self._searched = found + len(self._opening)

    def _find_end(self) -> None:
        found = self._data.find(self._closing, max(self._start, self._searched))
        if found < 0:
            self._searched = max(self._start, len(self._data) - len(self._closing))
            return
        line_end = self._data.find(b"\n", found + len(self._closing))
        if line_end < 0:
            self._searched = found
            return
        self._trailer = bytes(self._data[found + len(self._closing) : line_end]).strip()
        self._stop = found
