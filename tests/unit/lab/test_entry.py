"""How plain ssh gets in."""

from pathlib import Path

from bootstrap.lab.entry import known_hosts, ssh_config
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState


def test_a_host_key_is_pinned_to_the_address_and_its_comment_is_left_out() -> None:
    assert known_hosts(22, {"10.77.0.11": "ssh-ed25519 AAAA root@cp1\n"}) == "10.77.0.11 ssh-ed25519 AAAA\n"


def test_another_port_is_part_of_the_pinned_name() -> None:
    assert known_hosts(2222, {"10.77.0.11": "ssh-ed25519 AAAA x\n"}) == "[10.77.0.11]:2222 ssh-ed25519 AAAA\n"


def test_an_unknown_key_is_refused_and_no_other_identity_is_offered() -> None:
    text = ssh_config(LabState(Path("/s/lab")), LabSpec("lab").with_hosts(2))

    assert "StrictHostKeyChecking yes" in text
    assert "IdentitiesOnly yes" in text


def test_every_host_is_known_by_its_name() -> None:
    text = ssh_config(LabState(Path("/s/lab")), LabSpec("lab", ssh_port=2222).with_hosts(2))

    assert "Host w1\n  HostName 10.77.0.12\n" in text
    assert "Host cp1 w1\n" in text
    assert "  Port 2222\n" in text
