"""A lab's plan of names and addresses."""

import json

from bootstrap.lab.spec import LabSpec, mac_address


def test_the_first_host_is_the_control_plane_and_the_others_are_workers() -> None:
    lab = LabSpec(name="lab").with_hosts(3)

    assert [(host.name, host.address, host.role) for host in lab.hosts] == [
        ("cp1", "10.77.0.11", "control-plane"),
        ("w1", "10.77.0.12", "worker"),
        ("w2", "10.77.0.13", "worker"),
    ]


def test_a_host_added_later_leaves_the_others_as_they_are() -> None:
    three = LabSpec(name="lab").with_hosts(3)

    four = three.with_hosts(4)

    assert four.hosts[:3] == three.hosts
    assert four.host_names == ("cp1", "w1", "w2", "w3")


def test_asking_for_fewer_hosts_removes_none() -> None:
    three = LabSpec(name="lab").with_hosts(3)

    assert three.with_hosts(1) == three


def test_every_host_has_a_machine_id_of_its_own() -> None:
    ids = {host.machine_id for host in LabSpec(name="lab").with_hosts(50).hosts}

    assert len(ids) == 50
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)


def test_a_mac_address_is_kept_for_life_and_belongs_to_one_host() -> None:
    assert mac_address("lab", "w1") == mac_address("lab", "w1")
    assert len({mac_address("lab", "w1"), mac_address("lab", "w2"), mac_address("other", "w1")}) == 3


def test_a_mac_address_is_unicast_and_locally_administered() -> None:
    assert int(mac_address("lab", "cp1").split(":")[0], 16) & 0b11 == 0b10


def test_a_lab_of_before_there_was_a_choice_keeps_its_system() -> None:
    told = json.loads(LabSpec(name="lab").with_hosts(1).to_json())
    del told["os"]

    assert LabSpec.from_json(json.dumps(told)).os == "debian-12"


def test_what_lab_json_says_reads_back_as_the_same_lab() -> None:
    lab = LabSpec(name="lab", ssh_port=2222, sudo_password=True, troubles=("ufw",), bundle="/b").with_hosts(2)

    assert LabSpec.from_json(lab.to_json()) == lab


def test_a_lab_made_when_a_firewall_was_the_only_trouble_still_has_it() -> None:
    older = '{"name": "lab", "hosts": [], "base": "/b", "ssh_port": 22, "sudo_password": false, "firewall": "%s"}'

    assert LabSpec.from_json(older % "ufw").troubles == ("ufw",)
    assert LabSpec.from_json(older % "none").troubles == ()
