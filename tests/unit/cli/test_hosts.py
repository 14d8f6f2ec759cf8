"""Exit codes of `kboot hosts`: what was trusted just now is known; a silent host is the others' exit code 8."""

import pytest

from bootstrap.cli.hosts import Seen, _exit_code
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport.settings import SshSettings

HERE = SshSettings("192.0.2.1")
KNOWN = Seen("cp1", HERE, verdict="known")
UNKNOWN = Seen("w1", HERE, verdict="unknown")
SILENT = Seen("w2", HERE, error=KbootError(Code.UNREACHABLE, "no answer"))


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ([KNOWN, KNOWN], ExitCode.OK),
        ([KNOWN, UNKNOWN], ExitCode.KEY_REFUSED),
        ([KNOWN, SILENT], ExitCode.PARTLY),
        ([SILENT], ExitCode.NO_HOST),
    ],
)
def test_the_exit_code_says_whose_key_is_not_known(seen: list[Seen], code: ExitCode) -> None:
    assert _exit_code(seen) is code
