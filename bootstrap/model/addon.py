"""addons/<name>/addon.yaml: which manifest of which upstream version, and how kboot changes it."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bootstrap.model.frozen import Frozen
from bootstrap.model.inventory import Name


class Upstream(Frozen):
    """Where the manifest comes from: a file or a kustomization of a Go module, and the digest it must have."""

    module: str = Field(description="Go module; the version tag is v<version>.")
    path: str | None = Field(default=None, description="File in the module.")
    kustomization: str | None = Field(default=None, description="Folder in the module for `kubectl kustomize`.")
    url: str = Field(description="The same manifest for connected machines.")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _one_way(self) -> "Upstream":
        if (self.path is None) == (self.kustomization is None):
            raise ValueError("exactly one of path and kustomization is needed")
        return self


class ObjectName(Frozen):
    """Names one Kubernetes object of a manifest."""

    kind: str
    name: str
    namespace: str | None = None


class JsonOperation(Frozen):
    """One operation of a JSON patch (RFC 6902)."""

    op: Literal["add", "replace", "remove", "test"]
    path: str
    value: Any = None


class Patch(Frozen):
    """A JSON patch to one object, and why."""

    target: ObjectName
    why: str
    operations: tuple[JsonOperation, ...] = Field(min_length=1)


class AddonFile(Frozen):
    """addon.yaml."""

    api_version: Literal["kboot/v1"]
    kind: Literal["Addon"]
    name: Name
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    summary: str
    upstream: Upstream
    licence: str
    images: tuple[str, ...] = Field(description="References in the manifest; a bundle may have a stand-in for one.")
    patches: tuple[Patch, ...] = ()
    ready: tuple[ObjectName, ...] = Field(description="What must be rolled out before the addon counts as running.")
