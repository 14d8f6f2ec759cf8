"""The package that kboot runs containers with, and which of its versions kubelet takes."""

import re

from bootstrap.model.tables.sources import CONTAINERD_MAJOR

CONTAINERD = "containerd.io"
# A release has no ~rc or ~beta before the packager's own revision.
_RELEASE = re.compile(rf"(\d+:)?{CONTAINERD_MAJOR}\.\d+\.\d+-.*")


def is_wanted(version: str) -> bool:
    """Whether this version of containerd.io is a release of the major that kubelet wants."""
    return _RELEASE.fullmatch(version) is not None
