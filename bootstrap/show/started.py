"""How this kboot was started, so that the commands it prints are ones that can be typed.

Everything below the screen writes `kboot COMMAND`; where that program does not exist (`python3 -m bootstrap` in a bare
checkout) or was started by sudo, the screen says it as the person did. Where this command line named an inventory, a
command that reads one and names none gets the same: whoever gives an advice need not know the file.
"""

import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

PLAIN = "kboot"
_CLUSTER = "init-master|join-workers|up|run|plan|inventory|hosts|status|addons|kubectl|ssh|kubeconfig"
_HERE = "explain|lab|bundle|demo|test|completion|man|version"
# Not inside a word or a path, and not the `kboot: KB1101 ...` before a message.
_TYPED = re.compile(rf"(?<![\w/.-]){PLAIN}(?= (?:{_CLUSTER}|{_HERE})\b(?!:))")
_TYPED_BY_SUDO = re.compile(rf"(?<![\w/.-])(?:sudo )?{_TYPED.pattern}")
# Commands that read an inventory, with the words after which `-i` may stand, where no `-i` follows.
_READS_ONE = re.compile(
    rf"(?<![\w/.-]){PLAIN} (?:init-master|join-workers|up|status|kubectl|ssh|plan(?: (?:init-master|join-workers|up))?"
    r"|hosts (?:scan|trust)|kubeconfig (?:get|merge)|addons (?:list|apply)|inventory check)\b"
    r"(?![-:])(?![^`\n]*? (?:-i|--inventory)\b)"
)
# sudo(8) tells the command that it ran; in a root shell (`sudo -i`) it names the shell.
_OURS = re.compile(r"\bkboot\b|-m bootstrap\b")


def program() -> str:
    """`kboot`, `python3 -m bootstrap`, or one of them after `sudo`."""
    by_sudo = os.geteuid() == 0 and _OURS.search(os.environ.get("SUDO_COMMAND", ""))
    return ("sudo " if by_sudo else "") + ("python3 -m bootstrap" if _as_module() else PLAIN)


def again() -> tuple[str, ...]:
    """The first words of an argument list that starts this very kboot once more."""
    script = Path(sys.argv[0])
    if not _as_module() and script.name == PLAIN and script.is_file():
        return sys.executable, str(script.absolute())
    return sys.executable, "-m", "bootstrap"


def as_typed(text: str) -> str:
    """The text with every `kboot COMMAND` in it, `sudo kboot COMMAND` too, as this kboot was started."""
    name, option = program(), inventory_option(sys.argv)
    text = _READS_ONE.sub(lambda match: match[0] + option, text) if option else text
    return text if name == PLAIN else _typed(name).sub(name, text)


def as_typed_line(line: "Text") -> "Text":
    """The same for a styled line; what is put in has the style of what it replaces."""
    name, option = program(), inventory_option(sys.argv)
    for match in reversed(list(_READS_ONE.finditer(line.plain)) if option else []):
        head, word, tail = line.divide(match.span())
        line = head + word + _same_styles(option, word) + tail
    if name == PLAIN:
        return line
    for match in reversed(list(_typed(name).finditer(line.plain))):
        head, word, tail = line.divide(match.span())
        line = head + _same_styles(name, word) + tail
    return line


def inventory_option(argv: Sequence[str]) -> str:
    """` -i FILE` when this command line named an inventory; what follows kubectl's or ssh's own words is theirs."""
    words = iter(argv[1:])
    seen: list[str] = []
    for word in words:
        if word in {"-i", "--inventory"}:
            return f" -i {shlex.quote(file)}" if (file := next(words, "")) else ""
        if word.startswith("--inventory="):
            return f" -i {shlex.quote(word.partition('=')[2])}"
        seen += [] if word.startswith("-") else [word]
        if word == "--" or (len(seen) > 1 and seen[0] in {"kubectl", "ssh"}):
            return ""
    return ""


def _same_styles(text: str, model: "Text") -> "Text":
    made = model.blank_copy(text)
    for span in model.spans:
        made.stylize(span.style)
    return made


def _typed(name: str) -> re.Pattern[str]:
    return _TYPED_BY_SUDO if name.startswith("sudo ") else _TYPED


def _as_module() -> bool:
    started = Path(sys.argv[0])
    return (started.parent.name, started.name) == ("bootstrap", "__main__.py")
