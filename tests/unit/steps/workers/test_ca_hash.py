"""The pin of the CA, as openssl computes it (kubernetes.io: kubeadm join, "Token-based discovery with CA pinning")."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from bootstrap.steps.workers.ca_hash import ca_hash

CA = Path(__file__).parents[3] / "cases" / "outputs" / "ca.crt"


def test_it_is_openssls_digest_of_the_public_key() -> None:
    key = subprocess.run(
        ["sh", "-c", f"openssl x509 -pubkey -noout -in {CA} | openssl pkey -pubin -outform DER"],
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    assert ca_hash(CA.read_text()) == f"sha256:{hashlib.sha256(key).hexdigest()}"


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\n", "no certificate"])
def test_what_is_no_certificate_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        ca_hash(text)
