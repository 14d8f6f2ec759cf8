"""What `lab up` does with a lab that is there already."""

from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.lab.lifecycle import Wish, merged
from bootstrap.lab.spec import LabSpec
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

KNOWN = LabSpec("lab", os="debian-13", ssh_port=2222, troubles=("ufw",), bundle="/b", base="/base").with_hosts(3)


def test_a_new_lab_has_three_hosts_on_port_22_without_a_firewall() -> None:
    lab = merged(None, Wish("lab"))

    assert lab.host_names == ("cp1", "w1", "w2")
    assert (lab.ssh_port, lab.troubles, lab.sudo_password, lab.bundle) == (22, (), False, None)
    assert lab.os == "debian-12"


def test_up_without_options_leaves_a_lab_as_it_was_made() -> None:
    assert merged(KNOWN, Wish("lab", inventory=Path("/here/lab.yaml"))) == replace(KNOWN, inventory="/here/lab.yaml")


def test_more_hosts_are_added() -> None:
    assert merged(KNOWN, Wish("lab", hosts=4)).host_names == ("cp1", "w1", "w2", "w3")


@pytest.mark.parametrize(
    ("wish", "option"),
    [
        (Wish("lab", ssh_port=22), "--ssh-port"),
        (Wish("lab", os="debian-12"), "--os"),
        (Wish("lab", sudo_password=True), "--sudo-password"),
        (Wish("lab", mirrors=True), "--mirrors"),
        (Wish("lab", hosts=2), "removes none"),
    ],
)
def test_what_would_be_another_lab_is_refused(wish: Wish, option: str) -> None:
    with pytest.raises(KbootError) as refused:
        merged(KNOWN, wish)

    assert refused.value.code == Code.LAB_DIFFERS
    assert option in refused.value.problem
    assert "--name" in refused.value.advice


def test_a_new_bundle_replaces_the_old_one() -> None:
    assert merged(KNOWN, Wish("lab", bundle="/new")).bundle == "/new"
    assert merged(KNOWN, Wish("lab")).bundle == "/b"


def test_the_version_goes_with_the_bundle() -> None:
    other = merged(KNOWN, Wish("lab", bundle="/old", kubernetes="1.35.4"))

    assert other.kubernetes == "1.35.4"
    assert merged(other, Wish("lab")).kubernetes == "1.35.4"
    assert merged(other, Wish("lab", bundle="/b")).kubernetes is None


def test_hosts_of_another_birth_are_another_lab() -> None:
    plain = LabSpec("lab", base="/base").with_hosts(1)

    assert merged(KNOWN, Wish("lab", troubles=("ufw",))).troubles == ("ufw",)
    with pytest.raises(KbootError, match="made with --with nothing, not ufw"):
        merged(plain, Wish("lab", troubles=("ufw",)))
