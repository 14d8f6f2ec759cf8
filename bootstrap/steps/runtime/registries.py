"""Registries' mirrors: what containerd is told of them, and where an image's manifest is asked for.

Source: containerd docs/hosts.md, checked 2026-11 on 2.3: `server` is where a registry's images come from, and with
`override_path` it ends where the image's name begins.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import tomli_w

from bootstrap.facts.files import file_text
from bootstrap.facts.registries import Place
from bootstrap.model.decision import Decision
from bootstrap.model.fact import Fact, Facts
from bootstrap.model.inventory import Inventory
from bootstrap.model.tables.containerd import CERTS_D
from bootstrap.model.target import Target
from bootstrap.steps.own_file import in_place

_HEADER = "# Written by kboot: cluster.mirrors.images of the inventory.\n"
# The one registry whose API has another name than its images.
_API = {"docker.io": "https://registry-1.docker.io"}


def registry_files(inventory: Inventory) -> tuple[Fact[str], ...]:
    """The hosts.toml of every mirrored registry."""
    return tuple(file_text(_path(registry)) for registry in inventory.cluster.mirrors.images)


def registries_named(target: Target, facts: Facts) -> Iterator[Decision]:
    """Each mirrored registry's hosts.toml; containerd reads it at each pull, so nothing is restarted for it."""
    for registry, url in target.inventory.cluster.mirrors.images.items():
        path = _path(registry)
        found = facts(target.asked, file_text(path))
        yield in_place(path, hosts_toml(url), found, f"take the images of {registry} from {url}")


def hosts_toml(url: str) -> str:
    """The registry is the mirror, and nobody else is asked."""
    settings: dict[str, object] = {"server": _server(url), "capabilities": ["pull", "resolve"]}
    if urlsplit(url).path:
        settings["override_path"] = True
    return _HEADER + tomli_w.dumps(settings)


def place_of(reference: str, inventory: Inventory) -> Place:
    """Where this image's manifest is asked for."""
    registry, _, rest = reference.partition("/")
    name, _, tag = rest.rpartition(":")
    mirror = inventory.cluster.mirrors.images.get(registry)
    server = _server(mirror) if mirror else _API.get(registry, f"https://{registry}")
    base = server if mirror and urlsplit(mirror).path else f"{server}/v2"
    return Place(reference, f"{base}/{name}/manifests/{tag}", f"{base.partition('/v2/')[2]}/{name}".lstrip("/"))


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/v2{parts.path}" if parts.path else url


def _path(registry: str) -> str:
    return f"{CERTS_D}/{registry}/hosts.toml"
