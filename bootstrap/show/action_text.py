"""Actions as lines of a plan: what would be run, written, removed, sent."""

import shlex
from collections.abc import Iterator

from rich.text import Text

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.show.diff import file_diff
from bootstrap.show.words import bytes_, name_list

_SHOWN_LINES = 24
_SHOWN_COLUMNS = 160
_SHOWN_ACTIONS = 8
# What kubeadm is told is the plan's own subject, and no longer than a screen or two.
_NEVER_CUT = "kubeadm"
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def change_lines(actions: tuple[Action, ...], *, whole: bool) -> Iterator[Text]:
    """All actions of a change, masked. Unless `whole`: files that are sent or removed as one line, long texts cut."""
    if whole:
        yield from (line for action in actions for line in _lines(action, whole=True))
        return
    sent = [action for action in actions if isinstance(action, PutBlob)]
    gone = [action.path for action in actions if isinstance(action, RemoveFile)]
    rest = [action for action in actions if isinstance(action, Run | WriteFile)]
    if sent:
        size = bytes_(sum(action.size_bytes for action in sent))
        yield Text.assemble(("send   ", "bold"), f"{_files([action.path for action in sent])} ({size})")
    for action in rest[:_SHOWN_ACTIONS]:
        yield from _lines(action, whole=False)
    if len(rest) > _SHOWN_ACTIONS:
        yield Text(f"… {len(rest) - _SHOWN_ACTIONS} more commands and files; -v shows them", "dim")
    if gone:
        yield Text.assemble(("remove ", "bold"), _files(gone))


def _files(paths: list[str]) -> str:
    """The one path, or how many in which folders."""
    if len(paths) == 1:
        return paths[0]
    return f"{len(paths)} files in {name_list(tuple(dict.fromkeys(path.rpartition('/')[0] for path in paths)))}"


def _lines(action: Action, *, whole: bool) -> Iterator[Text]:
    match action:
        case Run(argv, stdin):
            yield _cut(Text.assemble(("run    ", "bold"), shlex.join(argv)), whole=whole)
            if stdin is not None:
                given = [Text(f"  < {line}", "dim") for line in str(stdin).splitlines()]
                yield from _limited(given, whole=whole or argv[0] == _NEVER_CUT)
        case WriteFile(path, _, mode, owner):
            word = "write  " if action.before is None else "edit   "
            yield Text.assemble((word, "bold"), f"{path} {mode:04o} {owner}")
            changed = [_diff_line(line) for line in file_diff(action)][2:]
            yield from _limited(changed or [Text("  content unchanged; mode, owner", "dim")], whole=whole)
        case RemoveFile(path):
            yield Text.assemble(("remove ", "bold"), path)
        case PutBlob(sha256, size_bytes, path):
            yield Text.assemble(("send   ", "bold"), f"{path} ({bytes_(size_bytes)}, sha256 {sha256[:12]})")


def _diff_line(line: str) -> Text:
    return Text("  " + line, _DIFF_STYLES.get(line[:1], ""))


def _limited(lines: list[Text], *, whole: bool) -> Iterator[Text]:
    shown = lines if whole else lines[:_SHOWN_LINES]
    yield from (_cut(line, whole=whole) for line in shown)
    if len(lines) > len(shown):
        yield Text(f"  … {len(lines) - len(shown)} more lines; -v shows them", "dim")


def _cut(line: Text, *, whole: bool) -> Text:
    """One line of JSON may be a whole manifest."""
    if whole or len(line) <= _SHOWN_COLUMNS:
        return line
    left = len(line) - _SHOWN_COLUMNS
    return Text.assemble(line[:_SHOWN_COLUMNS], (f" … {left} more characters; -v shows them", "dim"))
