"""A lab of real systemd hosts as a person at the keyboard has it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import testinfra
import yaml

from bootstrap.lab.state import LabState, lab_state

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND_LIMIT_S = 900


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Lab:
    """One lab, and the folder in which its commands are typed; kboot finds `lab.yaml` there by itself."""

    name: str
    folder: Path

    @property
    def state(self) -> LabState:
        """Where its keys and files are."""
        return lab_state(self.name)

    @property
    def inventory(self) -> Path:
        """The inventory that `lab up` writes."""
        return self.folder / "lab.yaml"

    @property
    def wanted(self) -> dict[str, Any]:
        """The inventory as data."""
        loaded: dict[str, Any] = yaml.safe_load(self.inventory.read_text())
        return loaded

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A kboot command in the background, its own process group leader."""
        return subprocess.Popen(
            [sys.executable, "-m", "bootstrap", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def kboot(self, *words: str, code: int = 0) -> Done:
        """Run kboot to its end; its exit code must be `code`."""
        process = self.start(*words)
        try:
            out, err = process.communicate(timeout=COMMAND_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"kboot {' '.join(words)} did not end:\n{out[-3000:]}\n{err[-6000:]}") from None
        told = f"kboot {' '.join(words)} ended with {process.returncode}, not {code}:\n{out[-3000:]}\n{err[-6000:]}"
        assert process.returncode == code, told
        return Done(process.returncode, out, err)

    def lab(self, command: str, *words: str, code: int = 0) -> Done:
        """`kboot lab COMMAND` for this lab."""
        return self.kboot("lab", command, "--name", self.name, *words, code=code)

    def host(self, name: str) -> Any:
        """testinfra's view of a host, as its user."""
        return testinfra.get_host(f"ssh://{name}", ssh_config=str(self.state.ssh_config))

    def boot_id(self, name: str) -> str:
        """Differs after every boot."""
        return str(self.host(name).file("/proc/sys/kernel/random/boot_id").content_string.strip())

    @property
    def sudo_password(self) -> str:
        """The line that sudo asks for; empty when it asks for none."""
        file = self.wanted["ssh"].get("sudoPasswordFile")
        return Path(file).read_text() if file else ""

    def sh(self, name: str, script: str, code: int = 0) -> str:
        """A shell script on a host, as root, past kboot's own transport."""
        sudo = ("sudo", "-S", "-p", "''") if self.sudo_password else ("sudo",)
        argv = ["ssh", "-T", "-F", str(self.state.ssh_config), name, *sudo, "sh", "-s"]
        done = subprocess.run(
            argv, input=self.sudo_password + script, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, f"{name}: {script}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout
