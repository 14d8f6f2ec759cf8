"""Certificates as a host keeps them: read by the fact's own script from files made here."""

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bootstrap.facts.certificates import CERTIFICATES, Certificate
from bootstrap.model.answer import Absent, Known, Unreadable
from bootstrap.model.fact import Output

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def certificate(days: int, *, authority: bool = False) -> tuple[str, str]:
    """A self-signed certificate and its key, PEM."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=days))
    if authority:
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode(), private


def asked(root: Path) -> Output:
    """What the script prints on a host whose root this folder is."""
    script = CERTIFICATES.script
    for folder in ("/etc/kubernetes", "/var/lib/kubelet"):
        script = script.replace(folder, f"{root}{folder}")
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    return Output(done.returncode, done.stdout.replace(str(root), ""), done.stderr)


def test_each_file_is_named_with_the_end_of_its_first_certificate_and_no_key_leaves_the_host(tmp_path: Path) -> None:
    pki, kubelet = tmp_path / "etc/kubernetes/pki", tmp_path / "var/lib/kubelet/pki"
    (pki / "etcd").mkdir(parents=True)
    kubelet.mkdir(parents=True)
    (ca, ca_key), (leaf, key) = certificate(3650, authority=True), certificate(365)
    (pki / "ca.crt").write_text(ca)
    (pki / "ca.key").write_text(ca_key)
    (pki / "etcd/server.crt").write_text(leaf + ca)
    (kubelet / "kubelet-client-current.pem").write_text(leaf + key)
    data = base64.b64encode(leaf.encode()).decode()
    secret = base64.b64encode(key.encode()).decode()
    (pki.parent / "admin.conf").write_text(
        f"users:\n- user:\n    client-certificate-data: {data}\n    client-key-data: {secret}\n"
    )
    (pki.parent / "kubelet.conf").write_text("users:\n- user:\n    client-certificate: /var/lib/kubelet/pki/x.pem\n")
    out = asked(tmp_path)
    assert "PRIVATE" not in out.stdout
    assert secret not in out.stdout
    assert CERTIFICATES.read(out) == Known(
        (
            Certificate("ca", NOW + timedelta(days=3650), True),
            Certificate("etcd/server", NOW + timedelta(days=365), False),
            Certificate("admin.conf", NOW + timedelta(days=365), False),
            Certificate("kubelet client", NOW + timedelta(days=365), False),
        )
    )


def test_a_host_that_is_no_node_has_none(tmp_path: Path) -> None:
    assert isinstance(CERTIFICATES.read(asked(tmp_path)), Absent)


def test_a_cut_certificate_is_unreadable_and_nothing_is_raised(tmp_path: Path) -> None:
    pki = tmp_path / "etc/kubernetes/pki"
    pki.mkdir(parents=True)
    (pki / "ca.crt").write_text(certificate(10)[0][:200])
    assert isinstance(CERTIFICATES.read(asked(tmp_path)), Unreadable)
