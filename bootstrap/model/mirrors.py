"""`cluster.mirrors`: where packages, images and manifests come from in place of upstream's public places."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from bootstrap.model.field import unit
from bootstrap.model.frozen import Frozen
from bootstrap.model.tables.sources import CONTAINERD_KEY, CONTAINERD_URL, KUBERNETES_KEY, KUBERNETES_URL

# What may stand in a shell script and in sources.list(5) as it is; `:` and `+` are in `core:/stable:`.
_URL = re.compile(r"https?://[A-Za-z0-9][-A-Za-z0-9.]*(:(?P<port>[0-9]{1,5}))?(/[-A-Za-z0-9._~:+@/]*)?")
_REGISTRY = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?")


def _url(text: str) -> str:
    match = _URL.fullmatch(text)
    if match is None or not 0 < int(match["port"] or 443) <= 65535:
        raise ValueError("a URL of plain characters is wanted, as https://mirror.lab.example/path")
    return text.rstrip("/")


def _before_layout(text: str) -> str:
    """What docs say to write into sources.list goes on after it; kboot adds that by itself."""
    url = _url(text)
    if found := re.search(r"/core:/|/(debian|ubuntu)(/dists/.*)?$", url):
        raise ValueError(f"what stands before {found[0]} is wanted: kboot adds the version or the host's release")
    return url


def _place(text: str) -> str:
    return _url(text) if "://" in text else text


def _fingerprint(text: str) -> str:
    digits = text.replace(" ", "").upper()
    if re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", digits) is None:
        raise ValueError("a key's whole fingerprint is wanted: 40 hex digits, as `gpg --show-keys` prints them")
    return digits


def _registry(text: str) -> str:
    if _REGISTRY.fullmatch(text) is None:
        raise ValueError("a registry's host is wanted, as image names begin with it: ghcr.io")
    return text


Url = Annotated[str, AfterValidator(_url)]
BaseUrl = Annotated[str, AfterValidator(_before_layout)]
Place = Annotated[str, AfterValidator(_place)]
Fingerprint = Annotated[str, AfterValidator(_fingerprint)]
Registry = Annotated[str, AfterValidator(_registry)]


class KubernetesMirror(Frozen):
    """A repository in the layout of pkgs.k8s.io: URL/core:/stable:/v1.NN/deb/, its key beside it as Release.key."""

    url: BaseUrl = Field(
        default=KUBERNETES_URL,
        description="What stands in place of https://pkgs.k8s.io.",
        examples=["https://mirror.lab.example/kubernetes"],
        json_schema_extra=unit("an http or https URL"),
    )
    key: Fingerprint = Field(
        default=KUBERNETES_KEY,
        description="Fingerprint of the key that signs it; a mirror may sign anew. Default: upstream's.",
        examples=[KUBERNETES_KEY],
        json_schema_extra=unit("40 or 64 hex digits"),
    )


class ContainerdMirror(Frozen):
    """A repository in Docker's layout: URL/<debian or ubuntu>/dists/<codename>/stable, its key as URL/<...>/gpg."""

    url: BaseUrl = Field(
        default=CONTAINERD_URL,
        description="What stands in place of https://download.docker.com/linux.",
        examples=["https://mirror.lab.example/docker"],
        json_schema_extra=unit("an http or https URL"),
    )
    key: Fingerprint = Field(
        default=CONTAINERD_KEY,
        description="Fingerprint of the key that signs it; a mirror may sign anew. Default: Docker's.",
        examples=[CONTAINERD_KEY],
        json_schema_extra=unit("40 or 64 hex digits"),
    )


class Mirrors(Frozen):
    """Other places for what comes from public ones. With a bundle, only `images` counts: for what pods pull."""

    kubernetes: KubernetesMirror = Field(
        default=KubernetesMirror(),
        description="Packages kubelet, kubeadm, kubectl and kubernetes-cni.",
        examples=[{"url": "https://mirror.lab.example/kubernetes"}],
        json_schema_extra=unit("a mapping"),
    )
    containerd: ContainerdMirror = Field(
        default=ContainerdMirror(),
        description="Package containerd.io.",
        examples=[{"url": "https://mirror.lab.example/docker"}],
        json_schema_extra=unit("a mapping"),
    )
    images: dict[Registry, Url] = Field(
        default={},
        description="Registry -> URL that every host pulls its images from instead; a path is a prefix of their names.",
        examples=[{"registry.k8s.io": "https://registry.lab.example", "ghcr.io": "http://192.168.1.5:5000"}],
        json_schema_extra=unit("registry: http or https URL"),
    )
    manifests: Place | None = Field(
        default=None,
        description="Where this machine takes addons' manifests from, as NAME-VERSION.yaml. Their digest is pinned in "
        "addon.yaml, wherever they come from.",
        examples=["https://mirror.lab.example/manifests"],
        json_schema_extra=unit("a URL, or a path from the inventory's folder", default="upstream's releases"),
    )
