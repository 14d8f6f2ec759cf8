"""Where bundles and what they are built from are kept. Everything here can be rebuilt."""

import platform
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from bootstrap.model.tables.versions import DEFAULT_KUBERNETES

_DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64", "amd64": "amd64"}


def machine_architecture() -> str:
    """This machine's architecture as Debian, Go and OCI all call it: amd64, arm64."""
    machine = platform.machine()
    return _DEBIAN_NAMES.get(machine, machine)


def cache_folder() -> Path:
    """kboot's cache; honours XDG_CACHE_HOME."""
    return user_cache_path("kboot")


def bundle_folder(kubernetes: Sequence[str], architecture: str) -> Path:
    """Where `kboot bundle build` puts a bundle of these Kubernetes versions unless told otherwise."""
    return cache_folder() / "bundle" / f"{'+'.join(kubernetes)}-{architecture}"


def default_folder() -> Path:
    """The bundle of the default Kubernetes version for machines like this one."""
    return bundle_folder((DEFAULT_KUBERNETES,), machine_architecture())
