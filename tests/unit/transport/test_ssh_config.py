"""~/.ssh/config by `ssh -G`, and by Paramiko where there is no ssh."""

from pathlib import Path

import pytest

from bootstrap.transport.errors import Unreachable
from bootstrap.transport.ssh_config import Place, place, settings_for

CONFIG = """
Include {folder}/more
Host node-*
  User admin
  Port 2222
  ProxyJump gate@jump-1:2200,jump-2
Host odd
  ProxyCommand nc %h %p
Host jump-1
  Hostname 198.51.100.7
Host loop
  ProxyJump loop2
Host loop2
  ProxyJump loop
"""
MORE = """
Host node-1
  Hostname 198.51.100.1
  IdentityFile ~/.ssh/cluster
  UserKnownHostsFile /etc/kboot/known_hosts /other
  HostKeyAlias first
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "more").write_text(MORE)
    (tmp_path / "config").write_text(CONFIG.format(folder=tmp_path))
    return tmp_path / "config"


def test_a_host_is_reached_as_its_config_says(config: Path) -> None:
    found = settings_for("node-1", config=config)
    assert (found.address, found.port, found.user) == ("198.51.100.1", 2222, "admin")
    assert (found.key_path, found.known_hosts, found.known_as) == (
        Path("~/.ssh/cluster"),
        Path("/etc/kboot/known_hosts"),
        "first",
    )


def test_jumps_are_reached_one_through_the_other(config: Path) -> None:
    second = settings_for("node-2", config=config).bastion
    assert second is not None
    first = second.bastion
    assert first is not None
    assert (second.address, first.address, first.user, first.port) == ("jump-2", "198.51.100.7", "gate", 2200)
    assert first.bastion is None


def test_the_inventorys_bastion_overrides_the_configs(config: Path) -> None:
    found = settings_for("node-2", bastion="me@gate:22", config=config)
    assert found.bastion is not None
    assert (found.bastion.address, found.bastion.user) == ("gate", "me")
    assert settings_for("node-2", bastion="none", config=config).bastion is None


def test_a_config_that_jumps_in_circles_ends(config: Path) -> None:
    assert settings_for("loop", config=config).bastion is not None


def test_a_proxy_command_is_refused_in_words(config: Path) -> None:
    with pytest.raises(Unreachable) as caught:
        settings_for("odd", config=config)
    assert "ProxyJump" in caught.value.advice


def test_without_a_word_in_the_config_the_defaults_hold(config: Path) -> None:
    found = settings_for("elsewhere", config=config)
    assert (found.address, found.port, found.key_path, found.bastion) == ("elsewhere", 22, None, None)
    assert found.host_key_policy == "strict"


def test_a_broken_config_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("Nonsense yes\n")
    with pytest.raises(Unreachable) as caught:
        settings_for("node-1", config=tmp_path / "config")
    assert "Nonsense" in caught.value.evidence or "nonsense" in caught.value.evidence


def test_a_config_that_does_not_answer_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.transport.ssh_config._LOOKUP_LIMIT_S", 0.3)
    (tmp_path / "config").write_text('Match exec "sleep 2"\n  User nobody\n')
    with pytest.raises(Unreachable) as caught:
        settings_for("node-1", config=tmp_path / "config")
    assert "Match exec" in caught.value.advice


def test_a_jump_that_is_no_place_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    (tmp_path / "config").write_text("Host node-1\n  ProxyJump a@b@c\n")
    with pytest.raises(Unreachable, match="ProxyJump"):
        settings_for("node-1", config=tmp_path / "config")


def test_without_ssh_paramiko_reads_the_config(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = settings_for("node-2", bastion="none", config=config)
    assert (found.address, found.port, found.user) == ("node-2", 2222, "admin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gate", Place("gate")),
        ("me@gate:2200", Place("gate", "me", 2200)),
        ("[fe80::1]:22", Place("fe80::1", None, 22)),
        ("fe80::1", Place("fe80::1")),
        ("ssh://me@gate", Place("gate", "me")),
    ],
)
def test_a_place_is_taken_apart(text: str, expected: Place) -> None:
    assert place(text) == expected


@pytest.mark.parametrize("text", ["", "me@", "gate:ssh", "[fe80::1", "gate:1:2:x"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        place(text)
