"""Debian packages that bare hosts and image layers need, by this machine's apt but with a state of its own.

apt resolves against an empty dpkg status, so the answer does not depend on what this machine has installed, and it
checks every file against the signed index of its archive. Proxies are the machine's, and so are its sources, unless
another release is asked for (release.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bootstrap.bundle.make.command import output_of

# What every host has: `mmdebstrap --variant=minbase` installs these and no more.
_MINIMAL = ("?essential", "?priority(required)", "apt")
_SOURCES = "sources.list"
_URI_LINE = re.compile(r"^'(?P<uri>[^']+)' (?P<file>\S+) \d+ \S*$")


@dataclass(frozen=True, order=True)
class Chosen:
    """A package as apt would install it."""

    name: str
    version: str
    architecture: str


@dataclass(frozen=True)
class Apt:
    """apt with its own lists, cache and an empty status, all below `folder`; `sources` in place of the machine's."""

    folder: Path
    architecture: str
    sources: tuple[str, ...] = ()

    def update(self) -> None:
        """Make the state and fetch the indexes of the machine's sources. Raises KB1207."""
        for place in ("lists/partial", "cache/archives/partial"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        self._config.write_text(_configuration(self.folder, self.architecture, own_sources=bool(self.sources)))
        (self.folder / _SOURCES).write_text("".join(f"{line}\n" for line in self.sources))
        self._apt("update", "-qq")

    def beyond_minimal(self, wanted: Sequence[str]) -> tuple[Chosen, ...]:
        """`wanted` and all they draw in that a minimal host lacks."""
        minimal = {chosen.name for chosen in self.closure(_MINIMAL)}
        # A package asked for by name is kept even when minimal hosts have it: theirs may be an older one.
        return tuple(
            chosen
            for chosen in self.closure((*_MINIMAL, *wanted))
            if chosen.name not in minimal or chosen.name in wanted
        )

    def closure(self, wanted: Sequence[str]) -> tuple[Chosen, ...]:
        """`wanted` with all dependencies, sorted by name."""
        lines = self._apt("install", "-qq", "-y", "--print-uris", *wanted).splitlines()
        matches = (_URI_LINE.match(line) for line in lines)
        return tuple(sorted(_chosen(match["file"]) for match in matches if match))

    def download(self, packages: Sequence[Chosen], out: Path) -> None:
        """Fetch packages into the folder `out`, verified by apt."""
        out.mkdir(parents=True, exist_ok=True)
        self._apt("download", "-qq", *(f"{package.name}={package.version}" for package in packages), cwd=out)
        for deb in out.glob("*_*%3a*.deb"):
            # apt asks for the path that the index names, percent-encoded once more: no percent sign may be in it.
            deb.rename(out / re.sub(r"_\d+%3a", "_", deb.name))

    @property
    def _config(self) -> Path:
        return self.folder / "apt.conf"

    def _apt(self, *arguments: str, cwd: Path | None = None) -> str:
        return output_of(["apt-get", *arguments], cwd=cwd, env={"APT_CONFIG": str(self._config)}, timeout_s=900)


def _chosen(file: str) -> Chosen:
    name, version, architecture = file.removesuffix(".deb").split("_")
    return Chosen(name, unquote(version), architecture)


def _configuration(folder: Path, architecture: str, *, own_sources: bool) -> str:
    settings = {
        "Dir::State::lists": f"{folder}/lists",
        "Dir::State::status": f"{folder}/status",
        "Dir::Cache": f"{folder}/cache",
        "APT::Architecture": architecture,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    if own_sources:
        settings |= {"Dir::Etc::SourceList": f"{folder}/{_SOURCES}", "Dir::Etc::SourceParts": "/dev/null"}
    lines = [f'{key} "{value}";' for key, value in settings.items()]
    return "\n".join([*lines, f'APT::Architectures {{ "{architecture}"; }};', ""])
