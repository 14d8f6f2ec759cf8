"""What stands on a new host's disk."""

import re

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.provision import Credentials, host_files
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.troubles.trouble import Birth

KEYS = Credentials("ssh-ed25519 AAAA client\n", "PRIVATE\n", "ssh-ed25519 BBBB root@cp1\n", None)
BASE = {
    "/etc/shadow": "root:*:20000:0:99999:7:::\nadmin:!:20000:0:99999:7:::\n",
    "/etc/ufw/user.rules": "*filter\n### RULES ###\nCOMMIT\n",
    "/etc/ufw/user6.rules": "*filter\n### RULES ###\nCOMMIT\n",
    "/etc/ufw/ufw.conf": "ENABLED=no\nLOGLEVEL=low\n",
}


def disk(lab: LabSpec, password_hash: str | None = None) -> dict[str, HostFile]:
    secrets = Credentials(KEYS.authorized_key, KEYS.host_private_key, KEYS.host_public_key, password_hash)
    files = host_files(Birth(lab, lab.hosts[0], BASE.__getitem__), secrets, "#!/bin/sh\n")
    return {file.path: file for file in files if isinstance(file, HostFile)}


def test_a_host_configures_its_own_network() -> None:
    text = disk(LabSpec("lab").with_hosts(1))["/etc/network/interfaces.d/eth0"].text

    assert "address 10.77.0.11/24" in text
    assert "gateway 10.77.0.1" in text


def test_sshd_listens_on_the_port_that_was_asked_for() -> None:
    text = disk(LabSpec("lab", ssh_port=2222).with_hosts(1))["/etc/ssh/sshd_config.d/10-hoster.conf"].text

    assert "Port 2222\n" in text


def test_private_files_are_private() -> None:
    files = disk(LabSpec("lab", sudo_password=True).with_hosts(1), "$6$hash")

    modes = {path: oct(file.mode) for path, file in files.items() if "key" in path or "shadow" in path}
    assert modes == {
        "/etc/ssh/ssh_host_ed25519_key": "0o600",
        "/etc/ssh/ssh_host_ed25519_key.pub": "0o644",
        "/home/admin/.ssh/authorized_keys": "0o600",
        "/etc/shadow": "0o640",
    }


def test_without_a_password_sudo_asks_for_none_and_the_user_has_none() -> None:
    files = disk(LabSpec("lab").with_hosts(1))

    assert files["/etc/sudoers.d/admin"].text == "admin ALL=(ALL:ALL) NOPASSWD: ALL\n"
    assert "/etc/shadow" not in files


def test_with_a_password_sudo_asks_and_only_the_users_line_of_shadow_changes() -> None:
    files = disk(LabSpec("lab", sudo_password=True).with_hosts(1), "$6$hash")

    assert files["/etc/sudoers.d/admin"].text == "admin ALL=(ALL:ALL) ALL\n"
    assert files["/etc/shadow"].text == BASE["/etc/shadow"].replace("admin:!:", "admin:$6$hash:")


def test_a_host_without_a_firewall_has_no_firewall_files() -> None:
    assert not [path for path in disk(LabSpec("lab").with_hosts(1)) if "ufw" in path]


def test_ufw_is_on_and_lets_in_the_ssh_port_alone() -> None:
    files = disk(LabSpec("lab", ssh_port=2222, troubles=("ufw",)).with_hosts(1))

    assert files["/etc/ufw/ufw.conf"].text == "ENABLED=yes\nLOGLEVEL=low\n"
    assert files["/etc/ufw/user.rules"].text.count("ACCEPT") == 1
    assert "-A ufw-user-input -p tcp --dport 2222 -j ACCEPT" in files["/etc/ufw/user.rules"].text
    assert "### tuple ### allow tcp 2222 ::/0 any ::/0 in" in files["/etc/ufw/user6.rules"].text


def test_swap_stands_in_fstab_as_on_a_hosters_image() -> None:
    assert disk(LabSpec("lab").with_hosts(1))["/etc/fstab"].text == "/swapfile none swap sw 0 0\n"


def test_nothing_of_kubernetes_is_on_the_disk() -> None:
    texts = " ".join(
        f"{file.path} {file.text}" for file in disk(LabSpec("lab", troubles=("ufw",)).with_hosts(1)).values()
    )

    # Whole words: a host's keys and machine-id are drawn, and hold any four digits now and then.
    assert re.findall(r"\b(kubelet|kubeadm|containerd|6443)\b", texts.replace("kubelet wants", "")) == []


def test_what_a_trouble_does_at_every_boot_is_a_program_of_its_own() -> None:
    files = disk(LabSpec("lab", troubles=("slow-disk",)).with_hosts(1))
    program = files["/usr/lib/kboot-lab/power-on.d/slow-disk"]

    assert program.mode == 0o755
    assert "write_iops_device" in program.text
