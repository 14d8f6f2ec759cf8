"""The pin of a cluster's CA, as kubeadm's discovery wants it."""

import hashlib


def ca_hash(certificate_pem: str) -> str:
    """sha256:HEX over the DER of the first certificate's public key (SPKI), after RFC 7469
    (kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join, "Token-based discovery with CA pinning").

    Raises ValueError when the text holds no certificate.
    """
    from cryptography import x509  # noqa: PLC0415 - 40 ms of every start, and only a join needs it
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    return f"sha256:{hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()}"
