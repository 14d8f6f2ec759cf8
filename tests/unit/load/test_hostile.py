"""Inventories by somebody who means harm, or who is very tired: refused with place and mend, quickly, quietly."""

import os
import time
from pathlib import Path

import pytest

from bootstrap.load.error import LONGEST, InvalidInput
from bootstrap.load.inventory import load_inventory
from bootstrap.model.codes import Code

HEAD = "apiVersion: kboot/v1\n"
HOSTS = "hosts:\n  - {name: cp1, address: 10.1.0.1, role: control-plane}\n"


def cluster(fields: str) -> str:
    """These fields stand in line 3."""
    return f"{HEAD}cluster:\n  {fields}\n{HOSTS}"


def host(fields: str) -> str:
    """These fields stand in line 6 from column 5."""
    return f"{HEAD}{HOSTS}  - name: w1\n    address: 10.1.0.2\n    {fields}\n"


def told(text: str, folder: Path) -> str:
    """What is said of it, without the file's name."""
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(InvalidInput) as caught:
        load_inventory(folder / "x.yaml")
    assert time.process_time() - started < 1
    for error in caught.value.errors:
        assert str(error).isprintable()
        assert len(str(error)) < 3 * LONGEST
    return "\n".join(str(error).removeprefix(f"{folder}/x.yaml:") for error in caught.value.errors)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("kubernetes: " + "9" * 5000 + ".1.1", "3:15: kubernetes: "),
        ("kubernetes: \u0661.\u0663.\u0663", "is not a full version"),
        ('kubernetes: "1.36.3\\n"', 'numbers, without a v (did you mean "1.36.3"?)'),
        ("name: " + "a" * 900_000, "3:9: name: "),
        ('name: "\\e[31mred"', '3:9: name: "\\x1b[31mred" is not a name'),
        ("name: \u202eabc", '3:9: name: "\\u202eabc" is not a name'),
        ('name: "a\\0b"', '3:9: name: "a\\x00b" is not a name'),
        ("podCIDR: 10.3.0.0", 'has room for 0 nodes (a /24 each), and there are 1 (did you mean "10.3.0.0/16"?)'),
        ("podCIDR: 127.0.0.0/8", "3:12: podCIDR 127.0.0.0/8 holds addresses that are no machine's"),
        ("serviceCIDR: 224.0.0.0/16", "3:16: serviceCIDR 224.0.0.0/16 holds addresses that are no machine's"),
        ("certSANs: [10.1.0.300]", '3:14: "10.1.0.300" is neither a DNS name nor an address'),
        ("endpoint: 10.1.0.300:6443", '3:13: "10.1.0.300:6443" is not host or host:port'),
        ("checks: {ignoreKubeadm: [a b]}", '3:28: "a b" is not the name of a check of kubeadm\'s'),
        ("name: !!python/object/apply:os.system ['true']", "the tag !!python/object/apply:os.system is not allowed"),
    ],
)  # fmt: skip
def test_a_field_of_the_cluster(fields: str, expected: str, tmp_path: Path) -> None:
    assert expected in told(cluster(fields), tmp_path)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("ssh: {port: true}", "6:17: port: must be a whole number (digits alone, and no 0 before them)"),
        ("ssh: {port: 2_2}", "6:17: port: must be a whole number"),
        ("ssh: {port: 0x16}", "6:17: port: must be a whole number"),
        ("ssh: {port: " + "1" * 200_000 + "}", "6:17: port: must be a whole number"),
        ("ssh: {user: a b}", '6:17: "a b" is not a login name'),
        ("ssh: {user: -oProxyCommand=x}", '6:17: "-oProxyCommand=x" is not a login name'),
        ("ssh: {user: ''}", '6:17: "" is not a login name'),
        ("ssh: {bastion: -oProxyCommand=x}", '6:20: "-oProxyCommand=x" is not user@host[:port]'),
        ("ssh: {bastion: 'a,b:99999'}", '6:20: "b:99999" is not user@host[:port]'),
        ("ssh: {knownHosts: fifo}", "/fifo is not a regular file"),
        ("ssh: {knownHosts: .}", "is not a regular file"),
        ("ssh: {key: fifo}", "/fifo is not a regular file"),
        ("ssh: {key: loop}", "/loop: Too many levels of symbolic links"),
        ("ssh: {key: /dev/zero}", "/dev/zero is not a regular file"),
        ("ssh: {sudoPasswordFile: empty}", "/empty is empty (it holds the password on one line)"),
        ("ssh: {sudoPasswordFile: lines}", "/lines holds more than one line"),
        ("ssh: {sudoPasswordFile: binary}", "/binary cannot be read as text"),
        ("role: master", '(did you mean "control-plane"?)'),
        ("role: agent", '(did you mean "worker"?)'),
        ("labels: {kubernetes.io/hostname: a}", "6:14: kubelet sets the label kubernetes.io/hostname itself"),
        ("labels: {node-role.kubernetes.io/control-plane: ''}", "is said by `role` (delete the line)"),
        ("nodeIP: 255.255.255.255", "6:13: 255.255.255.255 cannot be a node's address"),
    ],
)
def test_a_field_of_a_host(fields: str, expected: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    for name, content in (("empty", b""), ("lines", b"a\nb\n"), ("binary", b"\xff\xfe\x00")):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_bytes(content)
    assert expected in told(host(fields), tmp_path)


def test_a_key_written_into_the_inventory_is_shown_to_nobody(tmp_path: Path) -> None:
    said = told(host("ssh:\n      key: |\n        -----BEGIN OPENSSH PRIVATE KEY-----\n        c2VjcmV0"), tmp_path)
    assert said.startswith("7:12: key holds the secret itself, and the path of a file is wanted")
    assert "c2VjcmV0" not in said


def test_two_bastions_and_a_password_file_are_taken(tmp_path: Path) -> None:
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").write_text("geheim\n")
    (tmp_path / "x.yaml").write_text(host("ssh: {bastion: 'a@b:22,[fd00::1]:2222', sudoPasswordFile: password}"))
    assert load_inventory(tmp_path / "x.yaml").hosts[1].ssh.bastion == "a@b:22,[fd00::1]:2222"


def test_one_name_in_two_cases_is_one_machine(tmp_path: Path) -> None:
    hosts = "  - {name: a, address: W1.lab, nodeIP: 10.1.0.3}\n  - {name: b, address: w1.lab., nodeIP: 10.1.0.4}\n"
    assert "5:24: b has the same address as a" in told(HEAD + HOSTS + hosts, tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lb.yaml", 'there is no such file (did you mean "lab.yaml"?)'),
        ("-", "kboot reads no file from stdin"),
        ("fifo", "is a named pipe (FIFO), not a file"),
        (".", "is a directory, not a file"),
        ("/dev/zero", "is a character device, not a file"),
        ("/proc/self/mem", "cannot be read"),
        ("large", "is larger than 1 MB (it has 100,000,000 bytes: is it the file that you meant?)"),
        ("loop", "cannot be opened: Too many levels of symbolic links"),
        ("a\0b", "cannot be opened"),
    ],
)
def test_what_is_no_file(name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("fifo")
    Path("lab.yaml").touch()
    Path("loop").symlink_to("loop")
    with Path("large").open("wb") as file:
        file.truncate(100_000_000)
    started = time.process_time()
    with pytest.raises(InvalidInput) as caught:
        load_inventory(name)
    assert time.process_time() - started < 1
    assert expected in str(caught.value.errors[0])
    assert caught.value.code in {Code.INPUT_NOT_FOUND, Code.INPUT_UNREADABLE}
