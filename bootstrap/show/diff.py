"""What a WriteFile changes, as a unified diff in which no secret stands."""

import difflib
from collections.abc import Iterator

from bootstrap.model.action import WriteFile
from bootstrap.model.text import MASK, Secret, revealed

_FOR_OTHERS = 0o077


def file_diff(action: WriteFile) -> Iterator[str]:
    """Lines of `diff -u` from what the host has to what it gets; refs print as `<name>`, secrets as a mask.

    What stands in a private file of the host (0600, or known as a Secret) is a secret until proven otherwise: its old
    lines are not shown.
    """
    before, after = revealed(action.before or "").splitlines(), str(action.text).splitlines()
    if isinstance(action.before, Secret) or not action.mode & _FOR_OTHERS:
        before = [line if line in after else MASK for line in before]
    source = "/dev/null" if action.before is None else action.path
    return (line.rstrip("\n") for line in difflib.unified_diff(before, after, source, action.path, n=2, lineterm=""))
