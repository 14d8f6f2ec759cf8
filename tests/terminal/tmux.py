"""A real terminal without a person: tmux, a server of its own for each."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Terminal:
    """One window with a shell in it."""

    server: str

    def tmux(self, *words: str) -> str:
        """A tmux command; what it prints."""
        argv = ("tmux", "-L", self.server, "-f", "/dev/null", *words)
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True).stdout

    def type(self, line: str) -> None:
        """A line and Enter."""
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def press(self, key: str) -> None:
        """A key by tmux's name, such as C-c."""
        self.tmux("send-keys", key)

    def resize(self, width: int, height: int) -> None:
        """As a person drags the window's corner."""
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    @property
    def screen(self) -> list[str]:
        """The lines in sight."""
        return self.tmux("capture-pane", "-p").splitlines()

    @property
    def everything(self) -> list[str]:
        """All lines, those that scrolled out of sight too; a wrapped line is one."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-").splitlines()

    @property
    def cursor_is_shown(self) -> bool:
        """Whether the cursor is visible."""
        return self.tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    @property
    def on_second_screen(self) -> bool:
        """Whether a program has the alternate screen."""
        return self.tmux("display-message", "-p", "#{alternate_on}").strip() == "1"

    def until(self, seen: Callable[[], bool], limit_s: float = 60.0) -> None:
        """Wait until it is seen."""
        deadline = time.monotonic() + limit_s
        while not seen():
            assert time.monotonic() < deadline, "\n".join(self.everything)
            time.sleep(0.1)


@contextmanager
def terminal(width: int = 80, height: int = 24, term: str = "") -> Iterator[Terminal]:
    """A terminal of this size, gone at the end; `term` is another TERM than tmux's own."""
    made = Terminal(f"kboot-{secrets.token_hex(4)}")
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "LC_ALL": "C.UTF-8"}
    argv = ("tmux", "-u", "-L", made.server, "-f", "/dev/null", "new-session", "-d")
    shell = f"cd {CHECKOUT}; PS1='$ ' {f'TERM={term} ' if term else ''}PYTHON={sys.executable} exec sh"
    subprocess.run((*argv, "-x", str(width), "-y", str(height), shell), env=env, check=True, timeout=60)
    try:
        made.tmux("set-option", "-g", "history-limit", "5000")
        yield made
    finally:
        subprocess.run(("tmux", "-L", made.server, "kill-server"), capture_output=True, timeout=60, check=False)
