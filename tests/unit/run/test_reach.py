"""From an inventory's ssh fields to settings: whose word counts, and what a host that cannot be reached becomes."""

from pathlib import Path

import pytest

from bootstrap.model.inventory import Host, Inventory, Ssh
from bootstrap.run import reach
from bootstrap.run.reach import connections_to, ssh_settings, sudo_passwords
from bootstrap.transport.connection import Connection
from bootstrap.transport.errors import Unreachable
from bootstrap.transport.settings import SshSettings
from tests.fake_host import FakeHost

CONFIGURED = SshSettings("10.9.9.9", 2022, "config-user", Path("/config/key"), use_agent=True)


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """~/.ssh/config answers CONFIGURED for every host; the list holds what it was asked."""
    asked: list[tuple[str, str | None]] = []

    def settings_for(address: str, *, bastion: str | None = None) -> SshSettings:
        asked.append((address, bastion))
        return CONFIGURED

    monkeypatch.setattr(reach, "settings_for", settings_for)
    return asked


def settings(defaults: Ssh = Ssh(), own: Ssh = Ssh()) -> SshSettings:  # noqa: B008 - frozen
    """Of a host with these fields in an inventory with those."""
    host = Host(name="cp1", address="192.0.2.1", role="control-plane", ssh=own)
    return ssh_settings(Inventory(api_version="kboot/v1", ssh=defaults, hosts=(host,)), host)


def test_what_nobody_says_is_as_plain_ssh_would_do_it() -> None:
    assert settings() == CONFIGURED


def test_the_inventory_counts_more_than_the_ssh_config_and_the_host_more_than_both() -> None:
    found = settings(Ssh(user="admin", port=22), Ssh(port=2222))
    assert (found.user, found.port) == ("admin", 2222)
    assert found.key_path == Path("/config/key")


def test_a_key_that_is_named_is_the_only_one_tried() -> None:
    found = settings(Ssh(key="/keys/id"))
    assert (found.key_path, found.use_agent) == (Path("/keys/id"), False)


def test_a_labs_host_has_nothing_to_do_with_the_ssh_config(config: list[tuple[str, str | None]]) -> None:
    found = settings(Ssh(netns="/lab/netns", user="admin"))
    assert (found.address, found.port, found.netns) == ("192.0.2.1", 22, "/lab/netns")
    assert config == []


def test_a_bastion_of_a_lab_is_reached_in_the_labs_namespace(config: list[tuple[str, str | None]]) -> None:
    found = settings(Ssh(netns="/lab/netns", user="admin", key="/keys/id", bastion="admin@[fd00::1]:2222"))
    assert found.bastion is not None
    assert (found.bastion.address, found.bastion.port, found.bastion.user) == ("fd00::1", 2222, "admin")
    assert (found.bastion.netns, found.bastion.key_path) == ("/lab/netns", Path("/keys/id"))
    assert config == []


def test_every_bastion_of_a_chain_is_entered_with_the_inventorys_key() -> None:
    found = settings(Ssh(netns="/lab/netns", key="/keys/id", bastion="a@outer,b@inner:2222"))
    assert [(one.address, one.user, one.port, one.key_path) for one in found.bastions] == [
        ("outer", "a", 22, Path("/keys/id")),
        ("inner", "b", 2222, Path("/keys/id")),
    ]


def test_a_bastion_of_the_inventory_is_reached_with_the_inventorys_key(
    monkeypatch: pytest.MonkeyPatch, config: list[tuple[str, str | None]]
) -> None:
    behind = SshSettings("10.9.9.9", bastion=SshSettings("198.51.100.7", user="jump"))
    monkeypatch.setattr(reach, "settings_for", lambda *_, **__: behind)
    found = settings(Ssh(bastion="jump@198.51.100.7", key="/keys/id", known_hosts="/keys/known"))
    assert found.bastion is not None
    assert (found.bastion.user, found.bastion.key_path) == ("jump", Path("/keys/id"))
    assert found.bastion.known_hosts == Path("/keys/known")


def test_a_jump_of_the_ssh_config_keeps_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    jump = SshSettings("198.51.100.7", key_path=Path("/config/jump"))
    monkeypatch.setattr(reach, "settings_for", lambda *_, **__: SshSettings("10.9.9.9", bastion=jump))
    assert settings(Ssh(key="/keys/id")).bastion == jump


def test_the_sudo_password_is_the_files_line_and_masks_itself(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(" two words \n")
    found = settings(Ssh(sudo_password_file=str(file)))
    assert found.sudo_password is not None
    assert found.sudo_password.value == " two words "
    assert "two words" not in f"{found!r} {found.sudo_password}"


def test_every_sudo_password_is_known_to_the_redactor(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"secret-{name}\n")
    hosts = tuple(
        Host(name=f"h{name}", address=f"192.0.2.{number}", ssh=Ssh(sudo_password_file=str(tmp_path / name)))
        for number, name in enumerate(("one", "two"), 1)
    )
    found = sudo_passwords(Inventory(api_version="kboot/v1", hosts=hosts))
    assert {password.value for password in found} == {"secret-one", "secret-two"}


def test_a_host_that_the_ssh_config_spoils_drops_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings_for(address: str, *, bastion: str | None = None) -> SshSettings:
        if address == "192.0.2.2":
            raise Unreachable(address, "reached by a ProxyCommand", advice="name a bastion", again=False)
        return CONFIGURED

    monkeypatch.setattr(reach, "settings_for", settings_for)
    hosts = (Host(name="cp1", address="192.0.2.1", role="control-plane"), Host(name="w1", address="192.0.2.2"))

    def connect(host: str, _: SshSettings) -> Connection:
        return FakeHost(host)

    made = connections_to(Inventory(api_version="kboot/v1", hosts=hosts), connect)
    assert isinstance(made["cp1"], FakeHost)
    with pytest.raises(Unreachable, match="w1: reached by a ProxyCommand"):
        made["w1"].run("true", timeout_s=1)
