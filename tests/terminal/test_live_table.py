"""The live table on a real terminal: 60 hosts on 80 columns, resized, interrupted, and where no table can be."""

import re
import subprocess
import sys

import pytest

from tests.terminal.tmux import CHECKOUT, Terminal, terminal

STREAM = "$PYTHON -m tests.terminal.stream"
TABLE = re.compile(r"^\s+target\s+holds\s+step|^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |more: \d+ done")
JOINED = re.compile(r"^ +[\d.]+s (\S+) ● worker-joined changed")


def started(window: Terminal, *options: str) -> None:
    """The made-up run is under way and its table in sight."""
    window.type(" ".join((STREAM, *options)))
    window.until(lambda: any("swap-off" in line for line in window.screen))


def ended(window: Terminal, last: str = "the last line") -> list[str]:
    """All that the terminal has once the run is over and the shell asks again."""

    def over() -> bool:  # a shell that Ctrl-C reaches too may ask again before the last line, and on its line
        return (
            any(line.endswith(last) for line in window.everything)
            and next(filter(None, reversed(window.screen)), "") == "$"
        )

    window.until(over)
    return window.everything


def assert_whole(window: Terminal, lines: list[str], hosts: int) -> None:
    """Every host's line once, nothing of the table, the cursor back, the shell's own screen."""
    assert [line for line in lines if TABLE.search(line)] == []
    joined = [found[1] for line in lines if (found := JOINED.match(line))]
    assert len(joined) == len(set(joined)) == hosts
    assert window.cursor_is_shown
    assert not window.on_second_screen


def test_sixty_hosts_on_80_columns_fit_the_screen_and_leave_it_whole() -> None:
    with terminal(80, 24) as window:
        started(window, "--hosts 60 --seconds 6")
        seen = window.screen
        assert "target" in seen[0]
        assert any(re.search(r"… \d+ more: \d+ done, \d+ under way", line) for line in seen)
        assert sum(bool(re.match(r"\S?\s+(cp1|w\d+)", line)) for line in seen) >= 12
        window.until(lambda: any(re.search(r"\d+/480 MB \d", line) for line in window.screen))
        assert max(map(len, window.screen)) <= 80
        assert_whole(window, ended(window), 60)


def test_a_terminal_that_is_resized_all_the_time_is_whole_in_the_end() -> None:
    with terminal(80, 24) as window:
        started(window, "--hosts 60 --seconds 8")
        for width, height in ((60, 20), (120, 40), (40, 10), (100, 8), (80, 24)):
            window.resize(width, height)
            window.until(lambda: any(line.startswith("up ") for line in window.screen))
            assert max(map(len, window.screen)) <= width
        assert_whole(window, ended(window), 60)


def test_ctrl_c_gives_the_terminal_back() -> None:
    with terminal() as window:
        started(window, "--hosts 60 --seconds 30")
        assert window.on_second_screen
        window.press("C-c")
        lines = ended(window, "kboot: interrupted")
        assert [line for line in lines if TABLE.search(line)] == []
        assert window.cursor_is_shown
        assert not window.on_second_screen


@pytest.mark.parametrize("term", ["dumb", ""], ids=["TERM=dumb", "in a pipe"])
def test_where_no_table_can_be_there_are_plain_lines(term: str) -> None:
    with terminal(term=term) as window:
        window.type(f"{STREAM} --hosts 3 --seconds 1 {'' if term else '2>&1 | cat'}")
        lines = ended(window)
        assert not any("\x1b" in line or TABLE.search(line) for line in lines)
        assert len([line for line in lines if JOINED.match(line)]) == 3


def test_a_pipe_gets_no_escape_sequence() -> None:
    argv = (sys.executable, "-m", "tests.terminal.stream", "--hosts", "3", "--seconds", "1")
    done = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, timeout=60, check=True)
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stdout == b"the last line\n"
