"""The commands that kboot prints can be typed, however kboot was started."""

import os
import sys

import pytest
from rich.text import Text

from bootstrap.cli.root import COMMANDS
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.show import started
from bootstrap.show.error_text import lines
from tests.unit.cli.tree import every_command

MODULE = "/srv/kboot/bootstrap/__main__.py"


def start(monkeypatch: pytest.MonkeyPatch, argv0: str, sudo: str = "") -> None:
    monkeypatch.setattr(sys, "argv", [argv0])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_COMMAND", sudo)


@pytest.mark.parametrize(
    ("argv0", "sudo", "program"),
    [
        ("/usr/local/bin/kboot", "", "kboot"),
        (MODULE, "", "python3 -m bootstrap"),
        (MODULE, "/usr/bin/python3 -m bootstrap demo", "sudo python3 -m bootstrap"),
        ("/usr/local/bin/kboot", "/usr/local/bin/kboot lab up", "sudo kboot"),
        ("/usr/local/bin/kboot", "/bin/bash", "kboot"),
        ("/usr/lib/python3/pytest/__main__.py", "", "kboot"),
    ],
)
def test_it_knows_how_it_was_started(monkeypatch: pytest.MonkeyPatch, argv0: str, sudo: str, program: str) -> None:
    start(monkeypatch, argv0, sudo)
    assert started.program() == program


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_said_as_it_can_be_typed(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    start(monkeypatch, MODULE)
    assert started.as_typed(f"run `kboot {command}`: now") == f"run `python3 -m bootstrap {command}`: now"


@pytest.mark.parametrize("text", ["kboot: KB1101 w1", "kboot keeps it", "/usr/bin/kboot up", "kboot lab: broke"])
def test_what_is_no_command_stays(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    start(monkeypatch, MODULE)
    assert started.as_typed(text) == text


def test_sudo_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, MODULE, "/usr/bin/python3 -m bootstrap up")
    assert started.as_typed("sudo kboot lab up, kboot up") == (
        "sudo python3 -m bootstrap lab up, sudo python3 -m bootstrap up"
    )


def test_a_command_that_needs_root_keeps_its_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, MODULE)
    assert started.as_typed("sudo kboot lab up") == "sudo python3 -m bootstrap lab up"


def test_a_styled_line_keeps_its_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, MODULE)
    line = started.as_typed_line(Text.assemble("  ", ("kboot up", "bold"), " or ", ("kboot plan up", "red"), " now"))
    assert line.plain == "  python3 -m bootstrap up or python3 -m bootstrap plan up now"
    styled = [(line.plain[span.start : span.end], span.style) for span in line.spans]
    assert "".join(text for text, style in styled if style == "bold") == "python3 -m bootstrap up"
    assert "".join(text for text, style in styled if style == "red") == "python3 -m bootstrap plan up"


def test_an_error_names_commands_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, MODULE)
    said = lines(KbootError(Code.BUNDLE_MISSING, "no bundle", advice="make one: `kboot bundle build`"))
    assert said.splitlines() == [
        "kboot: KB1201 no bundle",
        "  next: make one: `python3 -m bootstrap bundle build`",
        "  more: python3 -m bootstrap explain KB1201",
    ]


@pytest.mark.parametrize(
    ("argv", "option"),
    [
        (["up", "-i", "lab.yaml"], " -i lab.yaml"),
        (["up", "--inventory=my lab.yaml"], " -i 'my lab.yaml'"),
        (["--verbose", "plan", "up", "--inventory", "a"], " -i a"),
        (["kubectl", "-i", "lab.yaml", "get", "pods"], " -i lab.yaml"),
        (["kubectl", "exec", "-i", "pod"], ""),
        (["kubectl", "--", "exec", "-i", "pod"], ""),
        (["ssh", "cp1", "sed", "-i", "file"], ""),
        (["up", "-i"], ""),
        (["up"], ""),
    ],
)
def test_it_knows_the_inventory_that_was_named(argv: list[str], option: str) -> None:
    assert started.inventory_option(["kboot", *argv]) == option


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("`kboot plan` shows what differs.", "`kboot plan -i l.yaml` shows what differs."),
        ("`kboot init-master` first, or `kboot up`", "`kboot init-master -i l.yaml` first, or `kboot up -i l.yaml`"),
        ("`kboot kubectl delete node w1`", "`kboot kubectl -i l.yaml delete node w1`"),
        ("kboot plan up --only swap-off", "kboot plan up -i l.yaml --only swap-off"),
        ("kboot hosts trust -i other.yaml w1", "kboot hosts trust -i other.yaml w1"),
        ("kboot kubectl -i other.yaml top pods", "kboot kubectl -i other.yaml top pods"),
        ("kboot bundle build; kboot explain KB1001; kboot: up", "kboot bundle build; kboot explain KB1001; kboot: up"),
        ("kboot hosts are machines", "kboot hosts are machines"),
    ],
)
def test_a_command_that_reads_an_inventory_gets_the_one_that_was_named(
    said: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/kboot", "up", "-i", "l.yaml"])
    monkeypatch.setenv("SUDO_COMMAND", "")
    assert started.as_typed(said) == shown
    assert started.as_typed_line(Text(said)).plain == shown


def test_a_child_is_started_the_same_way(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    start(monkeypatch, MODULE)
    assert started.again() == (sys.executable, "-m", "bootstrap")
    script = f"{tmp_path}/kboot"
    with open(script, "w"):
        start(monkeypatch, script)
    assert started.again() == (sys.executable, script)


def test_every_command_that_reads_an_inventory_gets_the_one_of_this_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/kboot", "status", "-i", "mine.yaml"])
    reading = [
        words for words, command in every_command().items()
        if any(one.name == "inventory" for one in command.params) and words not in {"run", "lab up"}
    ]  # fmt: skip
    assert "kubeconfig get" in reading
    for words in reading:
        assert started.as_typed(f"`kboot {words}`") == f"`kboot {words} -i mine.yaml`"
