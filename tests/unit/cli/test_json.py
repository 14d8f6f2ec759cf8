"""Every -o json of every command is a document of output.schema.json, an error too: walked over the whole tree."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from bootstrap.bundle.bundle import Bundle
from bootstrap.cli import lab_command, lab_hosts
from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import kboot
from bootstrap.lab import state as lab_states
from bootstrap.lab.readiness import HostStatus
from bootstrap.transport import scan
from bootstrap.transport.known_hosts import HostKey
from tests.unit.bundle.conftest import lock, whole
from tests.unit.cli.conftest import INVENTORY
from tests.unit.cli.tree import every_command
from tests.unit.run.toys import World
from tests.unit.show.test_schema import problems

__all__ = ["lock", "whole"]


def forms(command: click.Command) -> list[str]:
    """What the command's -o takes."""
    kinds = [one.type for one in command.params if one.name == "output"]
    return [str(form) for kind in kinds if isinstance(kind, click.Choice) for form in kind.choices]


SPEAKING = {words: forms(command) for words, command in every_command().items() if "json" in forms(command)}
# What follows the command's own words, so that it ends with a result of its own.
RESULTS: dict[str, tuple[str, ...]] = {
    "init-master": (), "join-workers": (), "up": (), "plan": ("up",), "status": (), "version": (), "hosts scan": (),
    "addons list": ("-i", "lab.yaml"), "addons apply": (), "lab status": (), "bundle list": ("BUNDLE",),
    "bundle verify": ("BUNDLE",), "explain": ("swap-off",), "run": ("./own.yaml",),
    "inventory check": (), "bundle prune": (), "lab prune": (),
}  # fmt: skip


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy cluster's folder, with a playbook of its own; a lab, keys to scan."""
    assert world.hosts
    folder = Path.cwd()
    (folder / "own.yaml").write_text("apiVersion: kboot/v1\nkind: Playbook\nname: own\nsummary: Own.\nphases: []\n")
    monkeypatch.setattr(scan, "scan", lambda *_: HostKey("ssh-ed25519", b"k" * 32))
    monkeypatch.setattr(lab_command, "require_root", lambda: None)
    monkeypatch.setattr(lab_states, "LABS", folder / "labs")
    return folder


@pytest.fixture
def one_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lab of two hosts, one of which is off."""
    hosts = {
        "cp1": HostStatus("cp1", "10.77.0.11", "up", 12, 1 << 28),
        "w1": HostStatus("w1", "10.77.0.12", "off", None, None),
    }
    known = SimpleNamespace(known=lambda: SimpleNamespace(hosts=list(hosts.values())))
    monkeypatch.setattr(lab_hosts, "lab_state", lambda _: known)
    monkeypatch.setattr(lab_hosts, "host_status", lambda _lab, name, _address: hosts[name])


def test_no_command_escapes() -> None:
    assert set(RESULTS) == set(SPEAKING)


@pytest.mark.parametrize("words", SPEAKING)
def test_a_result_is_as_the_schema_promises(
    words: str, here: Path, one_lab: None, whole: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = [str(whole.folder) if word == "BUNDLE" else word for word in RESULTS[words]]
    for form in SPEAKING[words][1:]:
        guarded(kboot, [*words.split(), *rest, "-o", form, "-q"])
        printed = capsys.readouterr()
        documents = [printed.out] if form == "json" else printed.out.splitlines()
        assert documents, printed.err
        for document in documents:
            assert problems(json.loads(document)) == [], document


MISTAKES: dict[str, Callable[[str], list[str]]] = {
    "an option that there is not": lambda words: [*words.split(), "--nonsense-here", "-o", "json"],
    "an inventory that is not there": lambda words: [*words.split(), "-i", "none.yaml", "-ojson"],
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("words", SPEAKING)
def test_a_mistake_before_the_commands_body_is_a_document_too(
    words: str, mistake: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = guarded(kboot, MISTAKES[mistake](words))
    printed = capsys.readouterr()
    if words == "explain" and "nonsense" not in printed.err and code == 0:
        return  # every word is a word to explain
    document = json.loads(printed.out)
    assert problems(document) == []
    assert (document["kind"], document["exitCode"]) == ("Error", code)


def test_a_lab_command_that_is_refused_before_its_body_says_so_as_a_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert guarded(kboot, ["lab", "status", "--output=json"]) != 0
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["code"]) == ("Error", "KB1301")
    assert problems(document) == []


def test_what_stands_behind_kubectl_is_kubectls(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["kubectl", "-i", "none.yaml", "get", "pods", "-o", "json"]) == 3
    assert capsys.readouterr().out == ""


def test_each_mistake_in_an_inventory_has_its_own_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "lab.yaml").write_text(INVENTORY.replace("192.0.2.3", "192.0.2.2").replace("name: toy", "nam: toy"))
    assert guarded(kboot, ["up", "-o", "json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert problems(document) == []
    found = [(one["line"], one["column"], one["code"]) for one in document["mistakes"]]
    assert found == [(2, 11, "KB1006"), (7, 25, "KB1009")]


def test_a_check_with_hosts_is_one_document_with_what_they_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here
    assert guarded(kboot, ["inventory", "check", "--hosts", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert problems(document) == []
    assert [(row["step"], row["decision"]) for row in document["checks"]["rows"]] == [("looked", "satisfied")] * 3
    assert [host["nodeIP"] for host in document["hosts"]] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
