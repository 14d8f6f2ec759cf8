"""Reading a file that a person named: a regular file of sane size, in UTF-8, with Unix line ends."""

import codecs
import os
import re
import shlex
import stat
from dataclasses import dataclass
from errno import ENXIO
from pathlib import Path

from bootstrap.load.error import NAMES_SHOWN, InputError, InvalidInput, Place, nearest
from bootstrap.model.codes import Code

LIMIT_BYTES = 1_000_000
# What is not YAML 1.2's c-printable (section 5.1), and the line breaks of YAML 1.1 that no editor counts as lines: the
# parser does, so every place after them would be wrong.
_UNWANTED = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISCHR, "a character device"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name as the person wrote it, and its text."""

    file: str
    text: str

    @property
    def folder(self) -> Path:
        """The folder from which relative paths in the file are meant."""
        return Path(self.file).expanduser().absolute().parent


def read_source(path: str | Path) -> Source:
    """The text of the file. Never waits for a pipe, never reads more than 1 MB. Raises InvalidInput."""
    file = str(path)
    return Source(file, _decoded(file, read_bytes(file)))


def read_bytes(file: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """The bytes of a regular file, at most so many. Raises InvalidInput."""
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        handle = os.open(Path(file).expanduser(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise InvalidInput(_unopened(file, error)) from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise InvalidInput(_no_file(file, status.st_mode))
    with os.fdopen(handle, "rb") as stream:
        try:
            content = stream.read(limit_bytes + 1)
        except OSError as error:
            raise InvalidInput(_whole(file, f"cannot be read: {error.strerror}", "see `ls -l` of it")) from None
    if len(content) > limit_bytes:
        size = max(status.st_size, len(content))
        raise InvalidInput(
            _whole(
                file,
                f"is larger than {limit_bytes // 1_000_000} MB",
                f"it has {size:,} bytes: is it the file that you meant?",
            )
        )
    return content


def _unopened(file: str, error: OSError | ValueError) -> InputError:
    path = Path(file)
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            rule = f"is a link to {os.readlink(path)}, and there is no such file"
            return InputError(file, None, Code.INPUT_NOT_FOUND, rule, "name the file itself")
        return InputError(file, None, Code.INPUT_NOT_FOUND, "there is no such file", _beside(path))
    if isinstance(error, OSError) and error.errno == ENXIO:  # sockets and terminals that are not there
        return _no_file(file, path.expanduser().stat().st_mode)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _whole(file, f"cannot be opened: {reason}", "see `ls -l` of it")


def _no_file(file: str, mode: int) -> InputError:
    kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "no regular file")
    return _whole(file, f"is {kind}, not a file", "name a YAML file")


def _beside(path: Path) -> str:
    """The file of a near name in the same folder."""
    if str(path) == "-":
        return "kboot reads no file from stdin: name one"
    try:
        names = [each.name for each in path.expanduser().parent.iterdir() if each.suffix in {".yaml", ".yml"}]
    except FileNotFoundError:
        return f"there is no folder {path.parent} either"
    except (OSError, ValueError, RuntimeError):
        return ""
    there = f"there: {', '.join(sorted(names))}" if 0 < len(names) <= NAMES_SHOWN else ""
    return nearest(path.name, names) or there


def _decoded(file: str, content: bytes) -> str:
    if content.startswith(_UTF16) or content[1::2].startswith(bytes(8)) or content[::2].startswith(bytes(8)):
        rule = "is UTF-16, not UTF-8"
        raise InvalidInput(InputError(file, Place(), Code.INPUT_UNREADABLE, rule, "save it as UTF-8"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(content[: error.start].decode("utf-8-sig"), error.start)
        rule = f"is not UTF-8: byte 0x{content[error.start]:02x}"
        raise InvalidInput(InputError(file, place, Code.INPUT_UNREADABLE, rule, "save it as UTF-8")) from None
    if (at := text.find("\r")) >= 0:
        rule = "has Windows line ends (CRLF)" if text[at : at + 2] == "\r\n" else "has a carriage return"
        mend = r"s/\r$//" if text.count("\r") == text.count("\r\n") else r"s/\r$//; s/\r/\n/g"
        hint = f"run: sed -i '{mend}' {shlex.quote(file)}"
        raise InvalidInput(InputError(file, _place(text, at), Code.INPUT_UNREADABLE, rule, hint))
    if odd := _UNWANTED.search(text):
        rule = f"has the control character U+{ord(odd.group()):04X}"
        raise InvalidInput(InputError(file, _place(text, odd.start()), Code.INPUT_UNREADABLE, rule, "delete it"))
    return text


def _place(text: str, at: int) -> Place:
    before = text[:at]
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _whole(file: str, rule: str, hint: str) -> InputError:
    return InputError(file, None, Code.INPUT_UNREADABLE, rule, hint)
