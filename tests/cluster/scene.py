"""A lab and its cluster as a scenario sees them: from outside, by the commands that an admin types."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import testinfra
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND_LIMIT_S = 900
_numbers = count(1)


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
class Scene:
    """One lab in a folder of its own; `lab.yaml` there is found by kboot itself."""

    lab: str
    folder: Path

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

    def kubectl(self, *words: str) -> str:
        """kubectl through the control plane."""
        return self.kboot("kubectl", *words).out

    def get(self, *words: str) -> list[dict[str, Any]]:
        """The items of `kubectl get ... -o json`."""
        items: list[dict[str, Any]] = json.loads(self.kubectl("get", *words, "-o", "json"))["items"]
        return items

    def host(self, name: str) -> Any:
        """testinfra's view of a host: as root, but where sudo asks for a password as the user."""
        return testinfra.get_host(f"ssh://{name}", ssh_config=self.ssh_config, sudo=not self.sudo_password)

    @property
    def sudo_password(self) -> str:
        """The line that sudo asks for; empty when it asks for none."""
        file = self.inventory["ssh"].get("sudoPasswordFile")
        return Path(file).read_text() if file else ""

    @property
    def ssh_config(self) -> str:
        """With it plain ssh reaches the hosts."""
        return f"/var/lib/kboot/lab/{self.lab}/ssh_config"

    def sh(self, name: str, script: str, code: int = 0) -> str:
        """A shell script on a host, as root, past kboot's own transport."""
        sudo = ("sudo", "-S", "-p", "''") if self.sudo_password else ("sudo",)
        argv = ["ssh", "-T", "-F", self.ssh_config, name, *sudo, "sh", "-s"]
        done = subprocess.run(
            argv, input=self.sudo_password + script, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, f"{name}: {script}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    @property
    def inventory(self) -> dict[str, Any]:
        """lab.yaml as data."""
        loaded: dict[str, Any] = yaml.safe_load((self.folder / "lab.yaml").read_text())
        return loaded

    def edit_inventory(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Change lab.yaml as an admin would."""
        wanted = self.inventory
        edit(wanted)
        (self.folder / "lab.yaml").write_text(yaml.safe_dump(wanted, sort_keys=False))

    def rows(self, done: Done) -> dict[tuple[str, str], str]:
        """(step, target) -> status of a report printed by `-o json`."""
        return {(row["step"], row["target"]): row["status"] for row in done.json["rows"]}


@contextmanager
def lab(folder: Path, bundle: Path, *options: str) -> Iterator[Scene]:
    """A lab of its own name, gone at the end whatever happened."""
    scene = Scene(f"t{os.getpid()}-{next(_numbers)}", folder)
    try:
        scene.kboot("lab", "up", "--name", scene.lab, "--bundle", str(bundle), *options)
        yield scene
    finally:
        scene.kboot("lab", "down", "--name", scene.lab)
