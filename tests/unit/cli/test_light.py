"""Help and a Tab answer at once: what talks to hosts, checks inventories or draws tables is not even imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bootstrap.cli.names_in_files import error_pages, every_step, exit_pages
from bootstrap.cli.pages import names
from bootstrap.model.codes import Code
from tests.unit.cli.tree import every_command

HEAVY = ("fabric", "invoke", "paramiko", "pydantic", "rich", "cryptography", "tenacity")
COMMANDS = every_command()
INVENTORY = """\
apiVersion: kboot/v1
cluster: {addons: [flannel]}
hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}, {name: w1, address: 192.0.2.2}]
"""
# All in one interpreter, which notes the first of them that makes it look for something heavy.
_ASK = """
import contextlib, io, json, os, sys
told, now = {}, None
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HEAVY and now:
            told[now][1].append(name)
sys.meta_path.insert(0, Watch())
from bootstrap.cli.boundary import guarded
from bootstrap.cli.completion import completed
from bootstrap.cli.root import kboot
for kind, line in json.load(sys.stdin):
    heard, now = io.TextIOWrapper(io.BytesIO()), kind + " " + line
    told[now] = ["", []]
    with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        if kind == "help":
            guarded(kboot, [*line.split(), "--help"])
        else:
            place = str(len(line.split(" ")) - 1)
            os.environ.update(_KBOOT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=place)
            completed(kboot)
    heard.flush()
    told[now][0] = heard.buffer.getvalue().decode()
assert not [name for name in HEAVY if name in sys.modules] or any(one[1] for one in told.values())
print(json.dumps(told))
"""


def tabs() -> list[str]:
    """Every place of every command line where a Tab may be pressed."""
    lines = ["kboot ", "kboot in", "kboot --"]
    for words, command in COMMANDS.items():
        lines += [f"kboot {words} ", f"kboot {words} -"]
        lines += [
            f"kboot {words} {option} " for one in command.params for option in one.opts if option.startswith("--")
        ]
        if any(isinstance(one, click.Argument) and one.name == "playbook" for one in command.params):
            lines += [f"kboot {words} up --only ", f"kboot {words} init-master --skip swap-off,"]
    return lines


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """What each help page and Tab said, and what it imported, from one fresh interpreter for all."""
    folder = tmp_path_factory.mktemp("light")
    (folder / "lab.yaml").write_text(INVENTORY)
    asked = [("help", words) for words in COMMANDS] + [("tab", line) for line in tabs()]
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)} | {"KBOOT_INVENTORY": ""}
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{_ASK}"],
        input=json.dumps(asked), capture_output=True, text=True, timeout=120, cwd=folder, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers: dict[str, list[object]] = json.loads(done.stdout)
    return answers


def test_every_help_page_and_every_tab_is_light(told: dict[str, list[object]]) -> None:
    assert {line: imported for line, (_, imported) in told.items() if imported} == {}
    assert all("Usage:" in str(shown) for line, (shown, _) in told.items() if line.startswith("help "))


def test_a_tab_after_an_option_of_names_offers_names(told: dict[str, list[object]]) -> None:
    assert str(told["tab kboot up --limit "][0]).split() == ["plain,cp1", "plain,w1"]
    assert "plain,worker-joined" in str(told["tab kboot up --only "][0]).split()
    assert "plain,swap-off,modules-loaded" in str(told["tab kboot plan init-master --skip swap-off,"][0]).split()


def test_what_a_tab_reads_from_files_is_what_there_is() -> None:
    assert {*every_step(), *error_pages(), *exit_pages(), *map(str, Code)} >= set(names())


_WATCH = """
import sys, time
from bootstrap.cli.options import Screen
from bootstrap.cli.watching import watched
from bootstrap.model.event import HostConnecting, HostSeen
from bootstrap.model.redact import Redactor
from bootstrap.model.report import HostResult, HostStatus
with watched(Screen(), Redactor(), None) as observer:
    observer(HostConnecting("w1"))
    print("rich" in sys.modules)
    observer(HostSeen(HostResult("w1", HostStatus.REACHED)))
    given_up = time.monotonic() + 60
    while "bootstrap.show.summary" not in sys.modules and time.monotonic() < given_up:
        time.sleep(0.01)
    print("bootstrap.show.summary" in sys.modules)
"""


def test_in_a_pipe_rich_is_loaded_while_hosts_answer_and_not_before_they_are_asked() -> None:
    done = subprocess.run([sys.executable, "-c", _WATCH], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["False", "True"]
