"""What a Tab offers."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bootstrap.cli.completion import completed
from bootstrap.cli.root import kboot

Ask = Callable[[str], list[str]]
INVENTORY = """\
apiVersion: kboot/v1
hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}, {name: w1, address: 192.0.2.2}]
"""


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Offers for a line that the cursor stands at the end of, in a folder with an inventory."""
    (tmp_path / "lab.yaml").write_text(INVENTORY)
    monkeypatch.chdir(tmp_path)

    def ask(line: str) -> list[str]:
        monkeypatch.setenv("_KBOOT_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        capsys.readouterr()
        assert completed(kboot) == 0
        return [item.partition(",")[2] for item in capsys.readouterr().out.split()]

    return ask


def test_hosts_of_the_inventory(offered: Ask) -> None:
    assert offered("kboot ssh ") == ["cp1", "w1"]
    assert offered("kboot hosts trust w") == ["w1"]
    assert offered("kboot up --limit cp1,") == ["cp1,w1"]


def test_steps_of_the_playbook(offered: Ask) -> None:
    assert "worker-joined" in offered("kboot up --only worker-")
    assert offered("kboot plan init-master --skip worker-j") == []
    assert offered("kboot plan init-master --skip control-plane-i") == ["control-plane-initialised"]
    assert "worker-joined" in offered("kboot plan --only worker-")


def test_a_playbook_by_name_or_a_file(offered: Ask) -> None:
    assert offered("kboot run ini") == ["ini", "init-master"]


CHECKOUT = Path(__file__).parents[3]
PRESS = """\
source ./completion
compopt() { echo "files"; }  # bash has it only while a Tab is answered
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_kboot_completion kboot
printf '%s\\n' "${COMPREPLY[@]}"
"""


def _pressed(*words: str) -> list[str]:
    """What bash itself has to offer after these words of a line, by the script that kboot prints."""
    line = "COMP_WORDS=(" + " ".join(f"'{word}'" for word in words) + ")\n"
    path = f"{Path.cwd()}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line + PRESS], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    return done.stdout.split("\n")[:-1]


@pytest.mark.usefixtures("offered")
def test_what_bash_makes_of_it() -> None:
    program = Path("kboot")
    program.write_text(f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {sys.executable} -m bootstrap "$@"\n')
    program.chmod(0o755)
    with Path("completion").open("w") as script:
        subprocess.run(["./kboot", "completion", "bash"], stdout=script, check=True)

    assert _pressed("kboot", "plan", "") == ["files", "init-master", "join-workers", "up"]
    assert _pressed("kboot", "run", "./m") == ["files", ""]
    assert _pressed("kboot", "up", "--limit", "=", "w") == ["w1"], "bash takes --limit=w apart"
    assert _pressed("kboot", "up", "--limit", "=") == ["cp1", "w1"]


def test_what_zsh_and_fish_get_is_adapted_where_their_own_click_is_wrong(
    offered: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both were tried in the shells themselves (zsh 5.9, fish 3.6); a new click may have other scripts."""
    zsh, fish = (CliRunner().invoke(kboot, ["completion", shell]).stdout for shell in ("zsh", "fish"))
    assert zsh.index("compset -P '--*='") < zsh.index('response=("${(@f)$(env COMP_WORDS=')
    assert 'compadd -i "$IPREFIX" -U -V unsorted -a completions' in zsh
    assert "string split --max 1 , -- $answer" in fish
    assert "COMP_CWORD=(commandline -t) kboot)\n" in fish

    offered("kboot plan ")
    monkeypatch.setenv("_KBOOT_COMPLETE", "zsh_complete")
    completed(kboot)
    assert "" not in capsys.readouterr().out.rstrip("\n").split("\n"), "zsh drops what is empty"


def test_where_no_kboot_is_in_path_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    done = CliRunner().invoke(kboot, ["completion", "zsh"])
    assert done.stdout.startswith("#compdef kboot")
    assert "pipx install ." in done.stderr


def test_steps_and_codes(offered: Ask) -> None:
    assert offered("kboot explain swap") == ["swap-off", "swap-on"]
    assert offered("kboot explain KB1103") == ["KB1103"]


def test_fields_of_an_inventory(offered: Ask) -> None:
    assert offered("kboot inventory reference podC") == ["podCIDR"]
    schema = CHECKOUT / "bootstrap" / "load" / "inventory.schema.json"
    assert schema.resolve() == CHECKOUT / "inventory" / "schema.json", "a link, so that a wheel holds it too"


def test_hosts_of_the_inventory_that_the_line_names(offered: Ask) -> None:
    Path("lab.yaml").rename("other.yaml")
    assert offered("kboot up --limit ") == []
    assert offered("kboot up -i other.yaml --limit w") == ["w1"]
    assert offered("kboot plan up --inventory other.yaml --limit w") == ["w1"]


def test_a_broken_inventory_offers_what_it_has(offered: Ask) -> None:
    Path("lab.yaml").write_text(INVENTORY + "nonsense: {a: [1]}\n")
    assert offered("kboot ssh ") == ["cp1", "w1"]
    Path("lab.yaml").write_text("hosts: [{nam: x}, 3, {name: w7}]")
    assert offered("kboot ssh ") == ["w7"]
    Path("lab.yaml").write_text("hosts: [")
    assert offered("kboot ssh ") == []


def test_without_an_inventory_nothing_is_offered_and_nothing_fails(offered: Ask) -> None:
    Path("lab.yaml").unlink()
    assert offered("kboot ssh ") == []
