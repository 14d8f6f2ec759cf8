"""Exit codes of `kboot hosts`: what was trusted just now is known; a silent host is the others' exit code 8."""

import pytest

from bootstrap.cli.hosts import Seen, _exit_code, _one
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.inventory import Host, Inventory
from bootstrap.transport.errors import Unreachable
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


def test_a_host_that_the_ssh_config_makes_unusable_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(address: str, **_: object) -> SshSettings:
        raise Unreachable(address, "~/.ssh/config reaches it by a ProxyCommand, which kboot does not use")

    monkeypatch.setattr("bootstrap.run.reach.settings_for", refused)
    host = Host(name="cp1", address="192.0.2.1", role="control-plane")
    seen = _one(Inventory(api_version="kboot/v1", hosts=(host,)), host)
    assert seen.error is not None
    assert "ProxyCommand" in seen.error.problem
