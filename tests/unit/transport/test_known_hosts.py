"""known_hosts as OpenSSH reads it; ssh-keygen is the judge where it can be."""

import base64
import subprocess
from pathlib import Path

import pytest

from bootstrap.transport.known_hosts import HostKey, KnownHosts, Verdict, append, load, parse


def key(kind: str = "ssh-ed25519", content: bytes = b"one") -> HostKey:
    return HostKey(kind, len(kind).to_bytes(4, "big") + kind.encode() + content)


ONE, OTHER, RSA = key(), key(content=b"two"), key("ssh-rsa")


def known(*lines: str) -> KnownHosts:
    return KnownHosts(tuple(parse(lines)))


@pytest.mark.parametrize(
    ("line_for", "host", "verdict"),
    [
        ("node-1", "node-1", Verdict.KNOWN),
        ("NODE-1", "node-1", Verdict.KNOWN),
        ("node-1,10.0.0.1", "10.0.0.1", Verdict.KNOWN),
        ("node-*", "node-17", Verdict.KNOWN),
        ("node-?", "node-17", Verdict.UNKNOWN),
        ("*,!node-1", "node-1", Verdict.UNKNOWN),
        ("[10.0.0.1]:2222", "[10.0.0.1]:2222", Verdict.KNOWN),
        ("[10.0.0.1]:2222", "10.0.0.1", Verdict.UNKNOWN),
        ("10.0.0.1", "[10.0.0.1]:2222", Verdict.KNOWN),
        ("1", "[10.0.0.1]:2222", Verdict.UNKNOWN),
        ("[fe80::1]:2222", "[fe80::1]:2222", Verdict.KNOWN),
    ],
)
def test_a_line_is_about_the_hosts_it_names(line_for: str, host: str, verdict: Verdict) -> None:
    assert known(ONE.line(line_for)).judge(host, ONE) is verdict


def test_another_key_of_a_known_host_is_changed() -> None:
    assert known(ONE.line("node-1")).judge("node-1", OTHER) is Verdict.CHANGED


def test_a_new_type_of_key_of_a_known_host_is_changed_too() -> None:
    assert known(ONE.line("node-1")).judge("node-1", RSA) is Verdict.CHANGED


def test_another_key_of_the_bare_address_says_nothing_of_another_port() -> None:
    assert known(ONE.line("10.0.0.1")).judge("[10.0.0.1]:2222", OTHER) is Verdict.UNKNOWN


def test_a_second_line_of_a_host_vouches_too() -> None:
    assert known(ONE.line("node-1"), OTHER.line("node-1")).judge("node-1", OTHER) is Verdict.KNOWN


def test_a_revoked_key_is_refused_even_where_it_is_known() -> None:
    assert known(ONE.line("node-1"), f"@revoked {ONE.line('*')}").judge("node-1", ONE) is Verdict.REVOKED


def test_a_certificate_authority_is_not_a_host_key() -> None:
    assert known(f"@cert-authority {ONE.line('*')}").judge("node-1", ONE) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "bad",
    [
        "node-1",
        "node-1 ssh-ed25519",
        "node-1 ssh-ed25519 not*base64",
        f"node-1 ssh-rsa {base64.b64encode(ONE.blob).decode()}",
        "|1|broken ssh-ed25519 AAAA",
        "@revoked",
        "# node-1 a comment",
        "",
    ],
)
def test_a_bad_line_spoils_no_other(bad: str) -> None:
    both = known(bad, ONE.line("node-1"))
    assert both.judge("node-1", ONE) is Verdict.KNOWN
    assert len(both.entries) == 1 or bad.startswith("|1|")


def test_a_hashed_line_broken_in_the_hash_matches_nothing() -> None:
    assert known(ONE.line("|1|xx")).judge("node-1", ONE) is Verdict.UNKNOWN


def test_lines_that_openssh_hashed_are_found(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    append(path, [ONE.line("node-1"), OTHER.line("[10.0.0.1]:2222")])
    real = tmp_path / "real"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(real)], check=True, timeout=60)
    _, blob = real.with_suffix(".pub").read_text().split()[:2]
    genuine = HostKey("ssh-ed25519", base64.b64decode(blob))
    path.write_text(genuine.line("node-1") + "\n" + genuine.line("[10.0.0.1]:2222") + "\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(path)], check=True, capture_output=True, timeout=60)
    assert "node-1" not in path.read_text()
    assert load(path).judge("node-1", genuine) is Verdict.KNOWN
    assert load(path).judge("[10.0.0.1]:2222", genuine) is Verdict.KNOWN
    assert load(path).judge("node-2", genuine) is Verdict.UNKNOWN


def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path: Path) -> None:
    path = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, timeout=60)
    printed = subprocess.run(["ssh-keygen", "-lf", str(path)], check=True, capture_output=True, text=True, timeout=60)
    kind, blob = path.with_suffix(".pub").read_text().split()[:2]
    assert printed.stdout.split()[1] == HostKey(kind, base64.b64decode(blob)).fingerprint


def test_known_types_are_asked_for_first_in_the_files_order() -> None:
    assert known(RSA.line("node-1"), ONE.line("node-1"), ONE.line("node-2")).kinds("node-1") == (
        "ssh-rsa",
        "ssh-ed25519",
    )


def test_lines_are_added_after_an_unfinished_last_line(tmp_path: Path) -> None:
    path = tmp_path / "ssh" / "known_hosts"
    append(path, [])
    path.write_text("# mine, without a newline")
    append(path, [ONE.line("node-1")])
    assert path.read_text() == f"# mine, without a newline\n{ONE.line('node-1')}\n"


def test_a_new_file_is_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "ssh" / "known_hosts"
    append(path, [ONE.line("node-1")])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_missing_file_knows_nobody(tmp_path: Path) -> None:
    assert load(tmp_path / "none").judge("node-1", ONE) is Verdict.UNKNOWN
