"""`kboot hosts`: whose keys are looked at, bastions first; exit codes."""

from pathlib import Path

import pytest

from bootstrap.cli.hosts import Seen, _exit_code, _seen
from bootstrap.cli.site import Site
from bootstrap.cli.ways import tiers
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.inventory import Host, Inventory, Ssh
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
    ((way,),) = tiers(site_of(host), ())
    (seen,) = _seen([way])
    assert seen.error is not None
    assert "ProxyCommand" in seen.error.problem


def site_of(*hosts: Host) -> Site:
    return Site(Path("lab.yaml"), named=False, inventory=Inventory(api_version="kboot/v1", hosts=hosts))


def behind(name: str, bastion: str | None) -> Host:
    """A lab's host: ~/.ssh/config has no say in it."""
    return Host(name=name, address=f"{name}.lab", ssh=Ssh(netns="lab", bastion=bastion))


BEHIND = site_of(
    behind("cp1", "jump@outer.lab,jump@inner.lab:2222"), behind("w1", "jump@outer.lab"), behind("w2", "jump@outer.lab")
)


def names(site: Site, *given: str) -> list[list[str]]:
    return [[way.name for way in tier] for tier in tiers(site, given)]


def test_every_bastion_is_looked_at_once_and_before_what_is_behind_it() -> None:
    assert names(BEHIND) == [["outer.lab"], ["inner.lab"], ["cp1", "w1", "w2"]]
    ((outer,), (inner,), _) = tiers(BEHIND, ())
    assert (inner.settings and inner.settings.port, inner.settings and inner.settings.user) == (2222, "jump")
    assert inner.bastions == (outer.settings,)


def test_a_bastion_is_named_by_its_address_as_a_refusal_names_it() -> None:
    assert names(BEHIND, "inner.lab") == [["outer.lab"], ["inner.lab"], []]
    assert names(BEHIND, "w2") == [["outer.lab"], ["w2"]]
    assert names(site_of(behind("cp1", None))) == [["cp1"]]


def test_a_name_that_is_neither_a_host_nor_a_bastion_is_told_the_nearest() -> None:
    with pytest.raises(KbootError) as caught:
        tiers(BEHIND, ("inner.lap",))
    assert caught.value.code is Code.HOST_UNKNOWN
    assert "inner.lab" in caught.value.advice
