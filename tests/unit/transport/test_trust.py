"""Trusting a key: the operator's file and the machine's count, and no second key is pinned beside a known one."""

from pathlib import Path

import pytest

from bootstrap.transport import host_keys
from bootstrap.transport.errors import HostKeyChanged
from bootstrap.transport.scan import trust
from bootstrap.transport.settings import SshSettings
from tests.unit.transport.test_known_hosts import ONE, OTHER


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SshSettings:
    monkeypatch.setattr(host_keys, "_SYSTEM_KNOWN_HOSTS", tmp_path / "system")
    return SshSettings("node-1", known_hosts_path=tmp_path / "own")


def test_a_new_key_is_pinned_once(settings: SshSettings) -> None:
    assert trust(settings, ONE)
    assert not trust(settings, ONE)
    assert settings.known_hosts.read_text() == f"{ONE.line('node-1')}\n"


@pytest.mark.parametrize("file", ["own", "system"])
def test_another_key_than_the_known_one_is_refused_wherever_that_stands(settings: SshSettings, file: str) -> None:
    (settings.known_hosts.parent / file).write_text(f"{ONE.line('node-1')}\n")
    with pytest.raises(HostKeyChanged):
        trust(settings, OTHER)
