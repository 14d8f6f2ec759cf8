"""A lab host of Debian 13, set up as a new Ubuntu is: it looks so, and kboot's transport and checks work on it."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bootstrap.cli.site import connections, find_site
from bootstrap.model.action import Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.text import text
from bootstrap.run.in_flight import Outcome
from bootstrap.run.ledger import Since
from bootstrap.transport.connection import Connection
from tests.cluster.acting import PATH, deed, hands, mark, own_sshd, sh
from tests.cluster.conftest import NewLab
from tests.cluster.lab import Lab

pytestmark = pytest.mark.lab
HOST = "cp1"


@pytest.fixture(scope="module")
def lab(new_lab: NewLab) -> Lab:
    return new_lab("--hosts", "1", "--os", "debian-13", "--sudo-password")


@pytest.fixture
def ways(lab: Lab) -> Iterator[Mapping[str, Connection]]:
    with connections(find_site(lab.inventory)) as made:
        yield made


def test_it_has_booted_whole_with_the_habits_of_a_new_ubuntu(lab: Lab) -> None:
    host = lab.host(HOST)

    assert host.run("systemctl is-system-running --wait").stdout.strip() == "running"
    assert (host.system_info.distribution, host.system_info.codename) == ("debian", "trixie")
    assert "sudo-rs" in host.run("sudo --version 2>&1").stdout
    assert host.file("/etc/resolv.conf").linked_to == "/run/systemd/resolve/stub-resolv.conf"
    for package in ("needrestart", "unattended-upgrades", "systemd-resolved"):
        assert host.package(package).is_installed
    assert not host.package("ufw").is_installed


def test_sudo_rs_gets_the_password_and_the_script_arrives_whole(ways: Mapping[str, Connection]) -> None:
    assert sh(ways, "id -un; cat <<'END'\nfirst line\nEND", HOST) == "root\nfirst line"
    assert sh(ways, "echo again", HOST) == "again"


def test_a_wrong_password_is_told_as_such(lab: Lab, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password\n")
    wrong.chmod(0o600)
    right = lab.wanted["ssh"]["sudoPasswordFile"]
    elsewhere = tmp_path / "lab.yaml"
    elsewhere.write_text(lab.inventory.read_text().replace(right, str(wrong)))

    done = lab.kboot("plan", "up", "-i", str(elsewhere), code=4)

    assert "KB1105" in done.err + done.out


def test_a_lost_connection_does_not_end_the_act(lab: Lab, ways: Mapping[str, Connection]) -> None:
    acting, ledger = hands(ways, HOST)
    sshd = own_sshd(ways, HOST)
    with connections(find_site(lab.inventory)) as other:
        assert sh(other, "echo up", HOST) == "up"
        threading.Timer(1.0, sh, args=(other, f"kill -KILL {sshd}", HOST)).start()
        after = WriteFile(PATH, text("after the loss\n"), guarded=False)
        assert acting.act(deed(Run(("sleep", "3")), after, host=HOST)) == Outcome("done")
    acting.ask([mark(HOST)], Since())
    assert ledger.facts([mark(HOST)])(HOST, mark(HOST).fact) == Known("after the loss\n")


def test_the_checks_understand_it(lab: Lab) -> None:
    planned = lab.kboot("plan", "up", "--only", "os-supported,resolver-known,root-by-sudo", "-o", "json")

    notes = {row["step"]: row.get("note") for row in planned.json["rows"]}
    assert notes["os-supported"].startswith("Debian GNU/Linux 13")
    assert notes["resolver-known"] == "127.0.0.53"
