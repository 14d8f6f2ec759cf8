"""`up`, `plan` and `status` from the command line to the exit code, over hosts that are dicts."""

import json
import os
from pathlib import Path

import pytest

from bootstrap.cli import run_playbook
from bootstrap.cli.asked import Asked
from bootstrap.cli.boundary import guarded
from bootstrap.cli.options import Screen
from bootstrap.cli.root import kboot
from bootstrap.load import playbook as playbooks
from bootstrap.model.playbook import Playbook
from bootstrap.model.text import MASK
from bootstrap.transport.errors import HostKeyUnknown, Unreachable
from tests.unit.cli.conftest import INVENTORY, PASSWORD
from tests.unit.run.toys import BOOK, World


def test_up_tells_how_it_goes_on_stderr_and_the_summary_on_stdout(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(kboot, ["up"]) == 0
    printed = capsys.readouterr()
    assert "✓ up of cluster toy: done" in printed.out
    assert "kboot status" in printed.out
    assert "cp1 base … set base" in printed.err
    assert "changed" in printed.err


def test_the_headline_says_what_was_asked_for(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["up", "--limit", "cp1,w1", "--only", "base"]) == 0
    assert "✓ up --limit cp1,w1 --only base of cluster toy: done" in capsys.readouterr().out
    guarded(kboot, ["plan", "up", "--limit", "w2"])
    assert "Plan of up --limit w2 for cluster toy" in capsys.readouterr().out


def test_a_command_that_walks_a_part_of_up_has_its_own_name(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked("up", only=("base",), typed="addons apply flannel")
    with kboot.make_context("kboot", ["addons", "apply"]):
        run_playbook.run(asked, Screen())
    printed = capsys.readouterr()
    assert "✓ addons apply flannel of cluster toy: done" in printed.out
    assert "addons apply flannel 4 states on 4 targets" in printed.err


def test_a_second_up_says_that_nothing_changed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    guarded(kboot, ["up", "-q"])
    capsys.readouterr()
    assert guarded(kboot, ["up", "-q"]) == 0
    printed = capsys.readouterr()
    assert "nothing to change" in printed.out
    assert printed.err == ""


def test_plan_changes_nothing_and_exits_10(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["plan", "up"]) == 10
    printed = capsys.readouterr()
    assert "set base yes" in printed.out
    assert printed.out.splitlines()[-1].endswith("Nothing was changed.")
    assert not any(host.acts for host in world.hosts.values())
    assert "decided" not in printed.err


def test_plan_of_what_holds_exits_0(world: World) -> None:
    guarded(kboot, ["up", "-q"])
    assert guarded(kboot, ["plan", "up", "-q"]) == 0


def test_json_is_one_document_at_the_end(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["up", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["cluster"], document["exitCode"]) == ("Report", "toy", 0)
    assert {host["host"] for host in document["hosts"]} == {"cp1", "w1", "w2"}


def test_ndjson_is_one_event_a_line_and_the_report_last(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["up", "-o", "ndjson", "-q"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records[0]["event"] == "run-started"
    assert {record["kind"] for record in records[:-1]} == {"Event"}
    assert records[-1]["kind"] == "Report"


def test_a_plan_as_json(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["plan", "up", "-o", "json"]) == 10
    document = json.loads(capsys.readouterr().out)
    change = next(row for row in document["rows"] if row["step"] == "base")
    assert change["actions"] == [{"action": "run", "command": "set base yes"}]


def test_a_host_that_is_down_leaves_the_others_and_exits_8(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world["w2"].down = Unreachable("w2", "192.0.2.3 refuses connections", advice="Is sshd running there?")
    assert guarded(kboot, ["up"]) == 8
    printed = capsys.readouterr()
    assert "w2  " in printed.out
    assert "unreachable KB1101" in printed.out
    assert "Run it again to go on: kboot up" in printed.out


def test_an_unknown_key_of_the_only_control_plane_exits_5(world: World) -> None:
    world["cp1"].down = HostKeyUnknown("cp1", "no key is known", advice="kboot hosts trust cp1")
    assert guarded(kboot, ["up", "-q"]) == 5


def test_a_failed_check_changes_nothing_and_exits_6(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world["w1"].state["health"] = "bad"
    assert guarded(kboot, ["up"]) == 6
    assert "next: mend it" in capsys.readouterr().out
    assert not any(host.acts for host in world.hosts.values())


def test_the_journal_is_kept_in_the_clusters_own_folder(world: World) -> None:
    guarded(kboot, ["up", "-q"])
    (journal,) = (Path(os.environ["XDG_STATE_HOME"]) / "kboot/clusters/toy/journal").iterdir()
    assert json.loads(journal.read_text().splitlines()[-1])["event"] == "run-ended"
    assert journal.stat().st_mode & 0o777 == 0o600


def test_a_plan_keeps_no_journal(world: World) -> None:
    guarded(kboot, ["plan", "up", "-q"])
    assert not Path(os.environ["XDG_STATE_HOME"]).exists()


@pytest.mark.parametrize("output", ["text", "json", "ndjson"])
def test_a_password_that_a_host_repeats_reaches_no_sink(
    world: World, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world["w1"].down = Unreachable("w1", f"the host said {PASSWORD}")
    guarded(kboot, ["up", "-v", "-o", output])
    printed = capsys.readouterr()
    journal = "".join(path.read_text() for path in Path(os.environ["XDG_STATE_HOME"]).rglob("*.jsonl"))
    for sink in (printed.out, printed.err, journal):
        assert PASSWORD not in sink
        assert MASK in sink


def test_limit_changes_only_the_hosts_that_it_names(world: World) -> None:
    guarded(kboot, ["up", "-q"])
    for worker in ("w1", "w2"):
        del world[worker].state["ready"]
    guarded(kboot, ["up", "-q", "--limit", "w1"])
    assert "ready" in world["w1"].state
    assert "ready" not in world["w2"].state


def test_only_takes_names_of_steps_and_of_phases(world: World) -> None:
    assert guarded(kboot, ["up", "-q", "--only", "host"]) == 0
    assert {command[1] for command in world["w1"].acts} == {"base", "built", "ready"}


def test_a_name_that_means_nothing_is_a_usage_error_before_any_contact(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(kboot, ["up", "--skip", "redy"]) == 2
    assert 'did you mean "ready"?' in capsys.readouterr().err
    assert guarded(kboot, ["up", "--only", "zzz"]) == 2
    assert "`kboot explain` lists the steps, and the phases are " in capsys.readouterr().err
    assert guarded(kboot, ["up", "--limit", "w9"]) == 2
    assert not any(host.execs for host in world.hosts.values())


@pytest.mark.parametrize("option", ["--limit", "--only", "--skip"])
@pytest.mark.parametrize("given", ["", " ", "w1,,w2", "w1,"])
def test_an_empty_name_is_a_usage_error_and_not_every_host(
    world: World, option: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(kboot, ["up", option, given]) == 2
    assert f"'{option}': a name is empty" in capsys.readouterr().err
    assert not any(host.execs for host in world.hosts.values())


def test_names_are_listed_with_commas_or_by_repeating_the_option(world: World) -> None:
    assert guarded(kboot, ["up", "-q", "--only", "base, built", "--only", "base", "--limit", "cp1,w1"]) == 0
    assert [command[1] for command in world["w1"].acts] == ["base", "built"]
    assert not world["w2"].acts


def test_the_suggested_command_repeats_what_was_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world["w1"].failing = "base"
    guarded(kboot, ["up", "-q", "-i", "lab.yaml", "--only", "base", "--limit", "w1"])
    assert "kboot up -i lab.yaml --limit w1 --only base" in capsys.readouterr().out


def test_a_mistake_in_the_inventory_exits_3_with_its_place(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    Path("lab.yaml").write_text(INVENTORY.replace("role: control-plane", "roll: control-plane"))
    assert guarded(kboot, ["up"]) == 3
    printed = capsys.readouterr().err
    assert "lab.yaml:5:37: " in printed
    assert "Traceback" not in printed


def test_no_inventory_exits_3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert guarded(kboot, ["up"]) == 3


def test_status_says_what_holds_and_what_does_not(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["status", "-q"]) == 10
    assert "to change: base, built" in capsys.readouterr().out
    guarded(kboot, ["up", "-q"])
    capsys.readouterr()
    assert guarded(kboot, ["status", "-q"]) == 0
    assert "✓ toy: 19 of 19 states hold" in capsys.readouterr().out


def test_status_asks_each_host_once(world: World) -> None:
    guarded(kboot, ["status", "-q"])
    assert {host.execs for host in world.hosts.values()} == {1}


def test_status_as_json_names_what_is_pending(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["status", "-q", "-o", "json"]) == 10
    document = json.loads(capsys.readouterr().out)
    assert {"step": "base", "target": "w1", "decision": "change"} in document["pending"]


def test_the_environment_names_the_inventory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KBOOT_INVENTORY", str(Path("lab.yaml").rename("other.yaml")))
    assert guarded(kboot, ["plan", "up", "-q"]) == 10


def test_no_color_leaves_no_escape_sequence(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    guarded(kboot, ["plan", "up"])
    assert "\x1b[" in capfd.readouterr().out
    for arguments, variable in ((["--no-color"], ""), ([], "1")):
        monkeypatch.setenv("NO_COLOR", variable)
        guarded(kboot, ["plan", "up", *arguments])
        assert "\x1b[3" not in capfd.readouterr().out


OWN = """\
apiVersion: kboot/v1
kind: Playbook
name: mine
summary: Only the kernel.
phases:
  - {name: host, targets: all, steps: [modules-loaded, sysctls-set]}
"""


def test_a_playbook_of_ones_own_is_run_by_path_and_named_as_it_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def load(name: str) -> Playbook:
        asked.append(name)
        return BOOK

    monkeypatch.setattr(playbooks, "load_playbook", load)
    world["w1"].failing = "built"
    assert guarded(kboot, ["run", "./my own.yaml"]) == 8
    assert asked == ["./my own.yaml"]
    assert "kboot run './my own.yaml'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OWN.replace("sysctls-set", "sysctl-set"), 'mine.yaml:6:56: there is no step "sysctl-set"'),
        (OWN.replace("modules-loaded, sysctls-set", "sysctls-set, modules-loaded"), "mine.yaml:6:"),
    ],
    ids=["unknown step", "wrong order"],
)
def test_a_mistake_in_it_is_told_with_its_place(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lab.yaml").write_text(INVENTORY.replace("ssh: {sudoPasswordFile: password}\n", ""))
    (tmp_path / "mine.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    for command in ("run", "plan"):
        assert guarded(kboot, [command, "mine.yaml"]) == 3
        assert told in capsys.readouterr().err


def test_a_playbook_that_is_neither_shipped_nor_a_path_is_a_usage_error(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(kboot, ["run", "upp"]) == 2
    assert "init-master" in capsys.readouterr().err
