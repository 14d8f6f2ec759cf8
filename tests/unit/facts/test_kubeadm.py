"""kubeadm's files on a host: whole, cut, or not there; asked by the real script over a folder of this machine."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bootstrap.facts.kubeadm import INIT_FILES, KUBERNETES, Files
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output

KEYS: list[rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey] = [
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP256R1()),
]
PEMS = [key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode() for key in KEYS]


def asked(root: Path) -> Files:
    script = INIT_FILES.script.replace(KUBERNETES, str(root)).replace("/var/lib/etcd", str(root / "etcd-data"))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    answer = INIT_FILES.read(Output(done.returncode, done.stdout.replace(str(root), KUBERNETES), done.stderr))
    assert isinstance(answer, Known), answer
    return answer.value


def kubeconfig(pem: str) -> str:
    data = base64.b64encode(pem.encode()).decode()
    return f"apiVersion: v1\nusers:\n- name: admin\n  user:\n    client-key-data: {data}\n"


def is_whole(tmp_path: Path, name: str, content: str) -> bool:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    files = asked(tmp_path)
    assert files.present == {f"{KUBERNETES}/{name}"}
    return bool(files.whole)


def test_a_bare_host_has_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path) == Files(frozenset(), frozenset())


def test_etcds_data_is_seen_and_an_empty_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "etcd-data").mkdir()
    assert not asked(tmp_path).etcd_data
    (tmp_path / "etcd-data" / "member").mkdir()
    assert asked(tmp_path).etcd_data


@pytest.mark.parametrize("pem", PEMS, ids=["rsa", "ecdsa"])
def test_a_whole_key_and_a_whole_kubeconfig_are_whole(tmp_path: Path, pem: str) -> None:
    assert is_whole(tmp_path / "a", "pki/ca.key", pem)
    # Each alignment that base64 can end in.
    for filler in ("", " ", "  "):
        assert is_whole(tmp_path / f"b{len(filler)}", "admin.conf", kubeconfig(filler + pem))


@pytest.mark.parametrize("part", [0, 1, 27, 500, -30, -2])
def test_what_was_cut_off_is_not_whole(tmp_path: Path, part: int) -> None:
    assert not is_whole(tmp_path / "a", "pki/sa.key", PEMS[0][:part])
    assert not is_whole(tmp_path / "b", "scheduler.conf", kubeconfig(PEMS[0])[:part])


def test_kubelets_own_kubeconfig_names_its_key_by_path(tmp_path: Path) -> None:
    text = "users:\n- name: default-auth\n  user:\n    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem\n"
    assert is_whole(tmp_path, "kubelet.conf", text)
