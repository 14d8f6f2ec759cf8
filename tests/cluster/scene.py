"""A lab and its cluster as a scenario sees them: from outside, by the commands that an admin types."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import testinfra
import yaml

from tests.cluster.lab import Done, Lab


class Scene(Lab):
    """A lab with a cluster on it, or soon."""

    def host(self, name: str) -> Any:
        """testinfra's view of a host: as root, but where sudo asks for a password as the user."""
        config = str(self.state.ssh_config)
        return testinfra.get_host(f"ssh://{name}", ssh_config=config, sudo=not self.sudo_password)

    def kubectl(self, *words: str) -> str:
        """kubectl through the control plane."""
        return self.kboot("kubectl", *words).out

    def get(self, *words: str) -> list[dict[str, Any]]:
        """The items of `kubectl get ... -o json`."""
        items: list[dict[str, Any]] = json.loads(self.kubectl("get", *words, "-o", "json"))["items"]
        return items

    def edit_inventory(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Change lab.yaml as an admin would."""
        wanted = self.wanted
        edit(wanted)
        self.inventory.write_text(yaml.safe_dump(wanted, sort_keys=False))

    def addons(self) -> dict[str, str]:
        """Name -> state of `addons list`."""
        return {one["name"]: one["state"] for one in self.kboot("addons", "list", "-o", "json").json["addons"]}

    def rows(self, done: Done) -> dict[tuple[str, str], str]:
        """(step, target) -> status of a report printed by `-o json`."""
        return {(row["step"], row["target"]): row["status"] for row in done.json["rows"]}


@contextmanager
def scene_of(folder: Path, bundle: Path, *options: str) -> Iterator[Scene]:
    """A lab of its own name, gone at the end whatever happened."""
    scene = Scene(f"t{secrets.token_hex(3)}", folder)
    try:
        scene.lab("up", "--bundle", str(bundle), *options)
        yield scene
    finally:
        scene.lab("down")
