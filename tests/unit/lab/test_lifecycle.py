"""`lab up` and `lab down` on this machine; the hosts are shells, all around them is real."""

import json
from pathlib import Path

import pytest

from bootstrap.lab import daemon, lifecycle, network, power
from bootstrap.lab.lifecycle import Wish, down, each, up
from bootstrap.lab.mirror import MirrorState
from bootstrap.lab.spec import USER
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.lab.conftest import may_make_namespaces
from tests.unit.programs import put, runs

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="makes the lab's network namespace")


@pytest.fixture
def wish(tmp_path: Path) -> Wish:
    return Wish("lab", hosts=2, inventory=tmp_path / "lab.yaml")


def test_up_makes_hosts_that_run_and_the_inventory_that_reaches_them(
    machine: list[str], lab: LabState, wish: Wish
) -> None:
    spec = up(wish, machine.append)
    assert machine == ["a base of bookworm", "booting cp1, w1"]
    assert [power.has_power(lab.host(name)) for name in spec.host_names] == [True, True]
    assert (lab.host("w1").upper / "etc/hostname").read_text() == "w1\n"
    assert "{name: w1, address: 10.77.0.12, role: worker}" in wish.inventory.read_text()
    assert "Host w1\n  HostName 10.77.0.12\n" in lab.ssh_config.read_text()
    assert network.is_bound(lab.netns)


def test_up_again_leaves_what_stands_and_adds_what_is_asked_for(
    machine: list[str], lab: LabState, wish: Wish, tmp_path: Path
) -> None:
    up(wish, machine.append)
    before = [lab.host("w1").lock.read_text(), lab.client_key.read_text(), lab.host("w1").host_key.read_text()]
    (lab.host("w1").upper / "etc/hostname").write_text("renamed by hand\n")
    spec = up(Wish("lab", hosts=3, inventory=wish.inventory), machine.append)
    assert spec.host_names == ("cp1", "w1", "w2")
    after = [lab.host("w1").lock.read_text(), lab.client_key.read_text(), lab.host("w1").host_key.read_text()]
    assert after == before
    assert (lab.host("w1").upper / "etc/hostname").read_text() == "renamed by hand\n"
    assert machine.count("a base of bookworm") == 1, "the base is made once"
    assert "w2" in wish.inventory.read_text()


def test_a_disk_that_a_killed_up_left_half_written_is_written_anew(
    machine: list[str], lab: LabState, wish: Wish
) -> None:
    half = lab.host("cp1").folder / "upper.new"
    (half / "etc").mkdir(parents=True)
    (half / "etc/half").touch()
    up(wish, machine.append)
    assert not (lab.host("cp1").upper / "etc/half").exists()
    assert not half.exists()


def test_a_sudo_password_is_made_once_and_only_its_hash_is_on_the_disks(
    machine: list[str], lab: LabState, tmp_path: Path
) -> None:
    wish = Wish("lab", hosts=1, sudo_password=True, inventory=tmp_path / "lab.yaml")
    up(wish, machine.append)
    password = lab.sudo_password.read_text()
    assert lab.sudo_password.stat().st_mode & 0o777 == 0o600
    shadow = (lab.host("cp1").upper / "etc/shadow").read_text()
    assert f"{USER}:$6$" in shadow
    assert password.strip() not in shadow
    up(wish, machine.append)
    assert lab.sudo_password.read_text() == password


def test_down_leaves_nothing_of_a_lab(machine: list[str], lab: LabState, wish: Wish, tmp_path: Path) -> None:
    up(wish, machine.append)
    first = power.first_process(lab.host("w1"))
    assert down("lab", machine.append)
    assert machine[-1] == "switching off cp1, w1"
    assert not lab.folder.parent.parent.exists()
    assert not wish.inventory.exists()
    assert not network.is_bound(lab.netns)
    assert daemon.until(lambda: not runs(first), 30)
    assert not down("lab", machine.append)


def test_down_ends_what_an_up_that_was_killed_early_left(machine: list[str], lab: LabState) -> None:
    lab.folder.mkdir(parents=True)
    (lab.folder / ".lab.json.new").write_text("{")
    assert down("lab", machine.append)
    assert machine == ["switching off nothing"]
    assert not lab.folder.exists()


def test_down_goes_on_where_one_that_was_killed_ended(machine: list[str], lab: LabState, wish: Wish) -> None:
    up(wish, machine.append)
    (lab.folder / "gone" / "w9" / "upper").mkdir(parents=True)
    assert down("lab", machine.append)
    assert not lab.folder.exists()


def test_a_base_that_was_cleared_from_the_cache_is_made_again(
    machine: list[str], lab: LabState, wish: Wish, tmp_path: Path
) -> None:
    up(wish, machine.append)
    told = json.loads(lab.spec_file.read_text())
    lab.spec_file.write_text(json.dumps({**told, "base": str(tmp_path / "cleared")}))
    assert up(wish, machine.append).base == str(tmp_path / "base")


def test_mirrors_without_a_bundle_are_refused_before_a_host_is_made(
    machine: list[str], lab: LabState, tmp_path: Path
) -> None:
    with pytest.raises(KbootError) as refused:
        up(Wish("lab", mirrors=True, inventory=tmp_path / "lab.yaml"), machine.append)
    assert refused.value.code == Code.BUNDLE_MISSING
    assert not (lab.folder / "hosts").exists()


def test_hosts_of_a_lab_with_mirrors_are_born_with_its_package_source(
    machine: list[str], lab: LabState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = MirrorState(lab).tree

    def laid_out(_lab: LabState, _bundle: Path, _say: object) -> None:
        tree.folder.mkdir()
        tree.key.write_text("an armoured key\n")
        tree.fingerprint_file.write_text("A" * 40)

    monkeypatch.setattr(lifecycle, "ensure_mirror", laid_out)
    monkeypatch.setattr(lifecycle, "start_mirror", lambda _lab, bundle: machine.append(f"serving {bundle}"))
    up(Wish("lab", hosts=1, mirrors=True, bundle="/some/bundle", inventory=tmp_path / "lab.yaml"), machine.append)
    upper = lab.host("cp1").upper
    assert "http://10.77.0.1:8080/debian/bookworm/" in (upper / "etc/apt/sources.list").read_text()
    assert (upper / "etc/apt/keyrings/hoster.asc").read_text() == "an armoured key\n"
    assert machine[-2:] == ["serving /some/bundle", "booting cp1"], "no host boots before the mirror serves"
    assert "bundle:" not in (tmp_path / "lab.yaml").read_text()


def test_what_troubles_do_on_a_host_that_booted_is_done_once(
    machine: list[str], lab: LabState, programs: Path, tmp_path: Path
) -> None:
    put(programs, "ssh", f'case "$*" in *sudo*) cat >>{tmp_path}/scripts;; esac')
    wish = Wish("lab", hosts=1, troubles=("old-cluster",), inventory=tmp_path / "lab.yaml")
    up(wish, machine.append)
    once = (tmp_path / "scripts").read_text()
    assert "flannel.1" in once
    up(wish, machine.append)
    assert (tmp_path / "scripts").read_text() == once


def test_a_trouble_that_fails_names_its_host_and_is_tried_again(
    machine: list[str], lab: LabState, programs: Path, tmp_path: Path
) -> None:
    put(programs, "ssh", 'case "$*" in *sudo*) echo "RTNETLINK answers: no" >&2; exit 2;; esac')
    wish = Wish("lab", hosts=1, troubles=("old-cluster",), inventory=tmp_path / "lab.yaml")
    with pytest.raises(KbootError, match="its trouble old-cluster") as failed:
        up(wish, machine.append)
    assert (failed.value.where, failed.value.evidence) == ("cp1", "RTNETLINK answers: no")
    assert not lab.host("cp1").born.exists()
    put(programs, "ssh", "exit 0")
    up(wish, machine.append)
    assert lab.host("cp1").born.exists()


def test_all_hosts_are_tried_and_the_first_error_is_told() -> None:
    done: list[str] = []

    def act(name: str) -> None:
        if name != "w2":
            raise KbootError(Code.LAB_HOST_SILENT, f"{name} is silent")
        done.append(name)

    with pytest.raises(KbootError, match="is silent"):
        each(act, ("cp1", "w1", "w2"))
    assert done == ["w2"]
