"""The bundle's lock: every file with its digest, source and licence, and which of them a role needs in which version.

`BundleLock` is bundle.yaml as it stands on disk; `Lock` is the part of it that one cluster, of one Kubernetes version,
installs from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bootstrap.model.frozen import Frozen
from bootstrap.model.inventory import Role
from bootstrap.model.safe_yaml import safe_load

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise ValueError(f"{path} leads out of the bundle")
    return path


InsidePath = Annotated[str, AfterValidator(_inside)]
# A bundle of one version has the name itself, not in a list.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
Kind = Literal["package", "image", "manifest", "apt-index", "key"]


class LockedFile(Frozen):
    """One file of the bundle. `path` is relative to the bundle's folder."""

    path: InsidePath
    kind: Kind
    name: str
    version: str
    architecture: str
    sha256: Sha256
    size_bytes: int = Field(ge=0)
    source: str = Field(description="module@version, or Debian package name and version.")
    licence: str
    note: str | None = None
    release: str | None = Field(default=None, description="Packages: code name of the release that they are for.")
    reference: str | None = Field(default=None, description="Images: the exact name under which containerd keeps it.")
    kubernetes: tuple[str, ...] = Field(default=(), description="The Kubernetes versions that need it; none: all do.")
    stands_in_for: Names = Field(default=(), description="Images: the names upstream asks for, when others.")
    manifest_digest: str | None = Field(default=None, description="Images: what `ctr images ls` shows.")
    config_digest: str | None = Field(default=None, description="Images: what the CRI calls the image id.")

    @model_validator(mode="after")
    def _image_is_named(self) -> "LockedFile":
        named = (self.reference, self.manifest_digest, self.config_digest)
        if (self.kind == "image") != all(named):
            raise ValueError("an image, and only an image, has reference, manifestDigest and configDigest")
        return self


class RoleNeeds(Frozen):
    """What a host of one role gets. A package is meant in the one version that the bundle has for its release."""

    install: tuple[str, ...] = Field(description="Names of the packages to install; apt takes them by exact version.")
    packages: tuple[str, ...] = Field(
        description="Names of all packages that this may draw in on a minimal host of any of the releases."
    )
    images: tuple[str, ...] = Field(description="References of the images to import.")


@dataclass(frozen=True)
class Lock:
    """What a bundle holds for one Kubernetes version: the files that it alone needs, and those that all share."""

    kubernetes: str
    architecture: str
    releases: tuple[str, ...]
    apt_key_fingerprint: str
    roles: Mapping[Role, RoleNeeds]
    files: tuple[LockedFile, ...]

    def image(self, reference: str) -> LockedFile:
        """The image kept under `reference`, or standing in for it; KeyError when the bundle has none."""
        images = [file for file in self.files if file.kind == "image"]
        for file in images:
            if file.reference == reference:
                return file
        for file in images:
            if reference in file.stands_in_for:
                return file
        raise KeyError(reference)

    def provided(self, reference: str) -> str:
        """The name under which the image that upstream calls `reference` is in this bundle."""
        return self.image(reference).reference or reference

    def package(self, name: str, release: str) -> LockedFile:
        """The package of that name for a release; KeyError when the bundle has none."""
        for file in self.files:
            if (file.kind, file.name, file.release) == ("package", name, release):
                return file
        raise KeyError(f"{name} ({release})")

    def manifest(self, name: str) -> LockedFile:
        """The manifest of the addon `name`; KeyError when the bundle has none."""
        for file in self.files:
            if (file.kind, file.name) == ("manifest", name):
                return file
        raise KeyError(name)


class BundleLock(Frozen):
    """bundle.yaml."""

    api_version: Literal["kboot/v1"] = "kboot/v1"
    kind: Literal["Bundle"] = "Bundle"
    architecture: str
    releases: tuple[str, ...] = Field(description="Code names of the releases for which it has packages.")
    built: date
    recipe: Sha256 = Field(description="Digest of the recipe that made it: the same recipe makes the same bundle.")
    apt_key_fingerprint: str = Field(pattern=r"^[0-9A-F]{40}$")
    notes: tuple[str, ...] = ()
    versions: dict[str, dict[Role, RoleNeeds]] = Field(description="By Kubernetes version: what each role needs.")
    files: tuple[LockedFile, ...]

    @model_validator(mode="before")
    @classmethod
    def _of_one_version(cls, raw: Any) -> Any:
        """At first a bundle held one version, named by `kubernetes`, and the needs of its `roles`."""
        if isinstance(raw, dict) and "versions" not in raw and {"kubernetes", "roles"} <= set(raw):
            one = {str(raw["kubernetes"]): raw["roles"]}
            return {**{key: value for key, value in raw.items() if key not in {"kubernetes", "roles"}}, "versions": one}
        return raw

    @property
    def size_bytes(self) -> int:
        """All files together; what stands in the repositories of two releases is on the disk once."""
        return sum({file.sha256: file.size_bytes for file in self.files}.values())

    def of(self, kubernetes: str) -> Lock:
        """What it holds for that Kubernetes version; KeyError when it is for others."""
        return Lock(
            kubernetes,
            self.architecture,
            self.releases,
            self.apt_key_fingerprint,
            self.versions[kubernetes],
            tuple(file for file in self.files if not file.kubernetes or kubernetes in file.kubernetes),
        )

    def to_yaml(self) -> str:
        """The text of bundle.yaml; `from_yaml` gives the same value back."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        plain["files"] = [{key: value for key, value in file.items() if value != []} for file in plain["files"]]
        return yaml.safe_dump(plain, sort_keys=False, width=120)

    @classmethod
    def from_yaml(cls, text: str) -> "BundleLock":
        """Raises yaml.YAMLError or pydantic.ValidationError."""
        return cls.model_validate(safe_load(text))
