"""Actions as lines of a plan: what would be run, written, removed, sent."""

import shlex
from collections.abc import Iterator

from rich.text import Text

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.show.diff import file_diff

_SHOWN_LINES = 24
_SHOWN_COLUMNS = 160
_MEBI = 1 << 20
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def action_lines(action: Action, *, whole: bool) -> Iterator[Text]:
    """Masked. Long texts are cut with a word on how much is left out, unless `whole`."""
    match action:
        case Run(argv, stdin):
            yield _cut(Text.assemble(("run    ", "bold"), shlex.join(argv)), whole=whole)
            if stdin is not None:
                yield from _limited([Text(f"  < {line}", "dim") for line in str(stdin).splitlines()], whole=whole)
        case WriteFile(path, _, mode, owner):
            word = "write  " if action.before is None else "edit   "
            yield Text.assemble((word, "bold"), f"{path} {mode:04o} {owner}")
            changed = [_diff_line(line) for line in file_diff(action)][2:]
            yield from _limited(changed or [Text("  content unchanged; mode, owner", "dim")], whole=whole)
        case RemoveFile(path):
            yield Text.assemble(("remove ", "bold"), path)
        case PutBlob(sha256, size_bytes, path):
            yield Text.assemble(("send   ", "bold"), f"{path} ({size_bytes / _MEBI:.1f} MiB, sha256 {sha256[:12]})")


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
