"""Labs for tests: real systemd hosts on this machine, each lab with a name of its own, gone when its test is."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import testinfra

from bootstrap.lab.state import LabState, lab_state

UP_TIMEOUT_S = 600
KBOOT = (sys.executable, "-c", "from bootstrap.cli import main; main()")
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Lab:
    """One lab as a person at the keyboard has it."""

    name: str
    folder: Path

    @property
    def state(self) -> LabState:
        """Where its keys and files are."""
        return lab_state(self.name)

    @property
    def inventory(self) -> Path:
        """The inventory that `lab up` writes into the current folder."""
        return self.folder / "lab.yaml"

    def argv(self, command: str, *arguments: str) -> list[str]:
        """`kboot lab COMMAND --name NAME ARGUMENTS`."""
        return [*KBOOT, "lab", command, "--name", self.name, *arguments]

    def kboot(self, command: str, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Runs a lab command and expects its exit code."""
        done = subprocess.run(
            self.argv(command, *arguments),
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
            timeout=UP_TIMEOUT_S,
            check=False,
        )
        assert done.returncode == code, f"kboot lab {command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def host(self, name: str) -> Any:
        """The host for testinfra, over plain ssh with the lab's ssh_config."""
        return testinfra.get_host(f"ssh://{name}", ssh_config=str(self.state.ssh_config))

    def boot_id(self, name: str) -> str:
        """Differs after every boot."""
        return str(self.host(name).file("/proc/sys/kernel/random/boot_id").content_string.strip())


NewLab = Callable[..., Lab]


@pytest.fixture(scope="module")
def new_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewLab]:
    """`new_lab("--hosts", "2")` is a lab that is up; it goes down with the module, whatever happened in between."""
    if os.geteuid() != 0:
        pytest.skip("labs need root")
    made: list[Lab] = []

    def make(*options: str, up: bool = True) -> Lab:
        lab = Lab(f"t{secrets.token_hex(3)}", tmp_path_factory.mktemp("lab"))
        made.append(lab)
        if up:
            lab.kboot("up", *options)
        return lab

    yield make
    for lab in made:
        lab.kboot("down")
