"""`kboot lab`, its hosts being shells: words in, states and errors out."""

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.cli import lab_command, lab_making, pruning
from bootstrap.cli.lab import lab as command
from bootstrap.cli.lab_hosts import _cluster_of
from bootstrap.lab import base, daemon, power, state
from bootstrap.lab.lifecycle import Wish
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.lab.troubles import NAMES
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.lock import BundleLock
from tests.unit.bundle.conftest import lock, whole
from tests.unit.lab.conftest import lab, machine, shells

__all__ = ["lab", "lock", "machine", "shells", "whole"]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="the lab's commands need root")

INVENTORY = """\
apiVersion: kboot/v1
cluster: {name: renamed}
hosts: [{name: cp1, address: 10.77.0.11, role: control-plane}]
"""


@pytest.mark.parametrize(("written", "name"), [(INVENTORY, "renamed"), ("hosts:", "lab"), (None, "lab")])
def test_exec_uses_the_kubeconfig_of_the_cluster_that_the_inventory_names(
    tmp_path: Path, written: str | None, name: str
) -> None:
    path = tmp_path / "lab.yaml"
    if written is not None:
        path.write_text(written)
    assert _cluster_of(LabSpec("lab", inventory=str(path))) == name


def test_a_lab_that_wrote_no_inventory_has_its_own_name() -> None:
    assert _cluster_of(LabSpec("lab")) == "lab"


@pytest.fixture
def hosts(machine: list[str], lab: LabState, tmp_path: Path) -> LabState:
    """A lab of two hosts that are shells, as `up` leaves one, one of them switched on."""
    lab.folder.mkdir(parents=True)
    spec = LabSpec("lab", inventory=str(tmp_path / "lab.yaml")).with_hosts(2)
    lab.save(spec)
    for name in spec.host_names:
        lab.host(name).upper.mkdir(parents=True)
    lab.ssh_config.write_text("Host cp1\n")
    return lab


def _typed(*words: str) -> Result:
    return CliRunner().invoke(command, words)


@needs_root
def test_status_shows_each_host_with_its_state(hosts: LabState) -> None:
    assert _typed("start", "cp1").exit_code == 0
    assert daemon.until(lambda: power.boot_time(hosts.host("cp1")) is not None, 30)
    done = _typed("status")
    heading, first, second = done.output.splitlines()
    assert heading.split() == ["HOST", "STATE", "ADDRESS", "UPTIME", "MEMORY"]
    assert re.fullmatch(r"cp1 +up +10\.77\.0\.11 +0m\d\ds +-", first)
    assert second.split() == ["w1", "off", "10.77.0.12", "-", "-"]


@needs_root
def test_status_as_json_has_the_same_for_programs(hosts: LabState) -> None:
    told = json.loads(_typed("status", "-o", "json").output)
    assert (told["kind"], told["lab"]) == ("LabStatus", "lab")
    off = {"state": "off", "uptimeSeconds": None, "memoryBytes": None}
    assert told["hosts"][1] == {"name": "w1", "address": "10.77.0.12", **off}


@needs_root
@pytest.mark.parametrize(("word", "on"), [("stop", False), ("power-cut", False), ("reboot", True), ("start", True)])
def test_the_power_buttons_work_on_the_hosts_that_are_named(hosts: LabState, word: str, on: bool) -> None:
    assert _typed("start").exit_code == 0
    assert daemon.until(lambda: power.first_process(hosts.host("w1")) is not None, 30)
    assert _typed(word, "w1").exit_code == 0
    assert (power.has_power(hosts.host("cp1")), power.has_power(hosts.host("w1"))) == (True, on)


@needs_root
@pytest.mark.parametrize("words", [("stop", "w1", "w7"), ("ssh", "w7"), ("reboot", "w7")])
def test_a_host_that_the_lab_has_not_is_refused_with_those_it_has(hosts: LabState, words: tuple[str, ...]) -> None:
    done = _typed(*words)
    assert isinstance(done.exception, KbootError)
    assert (done.exception.code, done.exception.where) == (Code.LAB_HOST_UNKNOWN, "w7")
    assert "it has cp1, w1" in done.exception.problem


@needs_root
@pytest.mark.parametrize("word", ["status", "stop", "ssh-config"])
def test_a_lab_that_is_none_is_refused_with_those_there_are(hosts: LabState, word: str) -> None:
    done = _typed(word, "--name", "other")
    assert isinstance(done.exception, KbootError)
    assert "there are: lab" in done.exception.problem


@pytest.mark.parametrize("name", ["../etc", "Lab", "-lab", "a" * 33])
def test_a_name_that_is_no_folders_is_refused(machine: list[str], name: str) -> None:
    done = _typed("down", f"--name={name}")
    assert done.exit_code == 2
    assert "lower-case letters, digits and '-'" in done.output


@needs_root
def test_ssh_config_prints_what_reaches_the_hosts_and_where_it_lies(hosts: LabState) -> None:
    assert _typed("ssh-config").output == f"# {hosts.ssh_config}\nHost cp1\n"


@needs_root
def test_ssh_hands_the_terminal_to_ssh(hosts: LabState, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr("os.execvp", lambda _program, argv: ran.append(argv))
    _typed("ssh", "w1", "systemctl", "--failed")
    assert ran == [["ssh", "-F", str(hosts.ssh_config), "w1", "systemctl", "--failed"]]


@needs_root
def test_exec_runs_in_the_labs_network_with_its_kubeconfig(hosts: LabState, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[list[str], str]] = []
    monkeypatch.setattr("os.execvpe", lambda _program, argv, env: ran.append((argv, env["KUBECONFIG"])))
    _typed("exec", "kubectl", "get", "nodes", "-o", "wide")
    ((argv, kubeconfig),) = ran
    assert argv == ["nsenter", f"--net={hosts.netns}", "--", "kubectl", "get", "nodes", "-o", "wide"]
    assert kubeconfig.endswith("/lab/kubeconfig")


@needs_root
def test_down_says_what_went_and_that_there_was_none_and_which_there_are(hosts: LabState) -> None:
    assert "lab lab is gone" in _typed("down").output
    (hosts.folder.parent / "other").mkdir(parents=True)
    assert "no lab named 'lab' on this machine (there are: other)" in _typed("down").output


@pytest.mark.parametrize("word", ["up", "down", "status", "exec"])
def test_without_root_it_is_refused_before_anything_else(
    machine: list[str], monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    done = _typed(word, *(("true",) if word == "exec" else ()))
    assert isinstance(done.exception, KbootError)
    assert done.exception.code == Code.LAB_NEEDS_ROOT
    assert machine == []


def test_the_troubles_are_listed_and_told_without_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    listed = _typed("troubles").output.splitlines()
    assert [line.split()[0] for line in listed] == list(NAMES)
    assert _typed("troubles", "ufw").output.startswith("ufw\n\n")
    assert _typed("troubles", "gremlins").exit_code == 2


@pytest.fixture
def wishes(machine: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """What `lab up` would have made of its words."""
    heard: list[Wish] = []

    def up(wish: Wish, _say: object) -> LabSpec:
        heard.append(wish)
        spec = LabSpec(wish.name, bundle=wish.bundle, inventory="lab.yaml")
        return spec.with_hosts(wish.hosts or 3)

    monkeypatch.setattr(lab_making, "up", up)
    return heard


@needs_root
def test_without_a_bundle_up_says_that_the_inventory_names_none(wishes: list[Wish]) -> None:
    done = _typed("up", "--hosts", "1")
    assert wishes[0].bundle is None
    assert "the inventory names no bundle yet: `kboot bundle build`" in done.output
    assert "1 host is up; the inventory is lab.yaml" in done.output


@needs_root
def test_the_bundle_that_was_built_is_taken_unless_another_is_named(
    wishes: list[Wish], whole: Bundle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bootstrap.bundle.place.default_folder", lambda: whole.folder)
    _typed("up")
    _typed("up", "--bundle", str(tmp_path))
    assert [wish.bundle for wish in wishes] == [str(whole.folder), str(tmp_path)]
    assert [wish.kubernetes for wish in wishes] == [None, None], "what is no bundle is for its users to refuse"


@needs_root
def test_a_bundle_that_lacks_the_default_version_is_named_with_its_own(
    wishes: list[Wish], whole: Bundle, lock: BundleLock
) -> None:
    older = lock.model_copy(update={"versions": {"1.35.4": lock.versions["1.36.3"]}})
    (whole.folder / "bundle.yaml").write_text(older.to_yaml())
    LockKey.at(whole.folder.parent / "key").sign(whole.folder)
    done = _typed("up", "--bundle", str(whole.folder))
    assert wishes[0].kubernetes == "1.35.4"
    assert "3 hosts are up" in done.output


@needs_root
@pytest.mark.parametrize(("place", "why"), [("none/lab.yaml", "there is no folder"), (".", "is a directory")])
def test_an_inventory_that_cannot_be_written_is_refused_before_a_host_boots(
    wishes: list[Wish], tmp_path: Path, place: str, why: str
) -> None:
    done = _typed("up", "--inventory", str(tmp_path / place))
    assert done.exit_code == 2
    assert why in done.output
    assert wishes == []


@needs_root
@pytest.mark.parametrize("words", [("ssh-config",), ("ssh", "w1"), ("exec", "true"), ("start",), ("stop", "w1")])
def test_a_lab_whose_up_was_killed_early_is_said_to_be_unfinished(hosts: LabState, words: tuple[str, ...]) -> None:
    hosts.ssh_config.unlink()
    done = _typed(*words)
    assert isinstance(done.exception, KbootError)
    assert done.exception.code == Code.LAB_UNKNOWN
    assert "was begun and not finished" in done.exception.problem
    assert "kboot lab up --name lab" in done.exception.advice
    assert _typed("status").exit_code == 0


@needs_root
def test_a_host_that_is_not_made_yet_is_in_nobody_elses_way(hosts: LabState) -> None:
    hosts.host("w1").upper.rmdir()
    assert isinstance(_typed("start").exception, KbootError)
    assert isinstance(_typed("power-cut", "w1").exception, KbootError)
    assert _typed("start", "cp1").exit_code == 0


@pytest.fixture
def bases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with two bases, on a machine without labs."""
    monkeypatch.setattr(lab_command, "require_root", lambda: None)
    monkeypatch.setattr(state, "LABS", tmp_path / "labs")
    for name in ("base-new", "base-old"):
        (base.bases_folder() / name / "rootfs").mkdir(parents=True)
    return base.bases_folder()


def test_prune_asks_without_holding_up_labs_and_keeps_the_base_that_one_took_meanwhile(
    bases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_screen: object, question: str) -> bool:
        assert "2 folders" in question
        FileLock(bases / "building.lock").acquire(timeout=0).lock.release()
        new = state.lab_state("new")
        new.folder.mkdir(parents=True)
        new.save(LabSpec("new", base=str(bases / "base-new/rootfs")))
        return True

    monkeypatch.setattr(pruning, "confirmed", answer)
    done = _typed("prune")
    assert "removed 1 folder," in done.stdout
    assert f"{bases / 'base-new'} stays: a lab lies over it by now" in done.stderr
    assert [path.name for path in bases.glob("base-*")] == ["base-new"]


def test_prune_without_anything_to_do_says_where_it_looked(bases: Path) -> None:
    assert "removed 2 folders" in _typed("prune", "--yes").stdout
    assert f"nothing to remove in {bases}:" in _typed("prune").stdout
