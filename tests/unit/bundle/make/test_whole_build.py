"""A whole bundle for two Kubernetes versions and two releases, out of modules and packages of a few bytes.

go, gcc and apt-get are shell scripts that leave tiny files where the real ones leave large ones; all else is real.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make import build as module
from bootstrap.bundle.make.build import build, finished
from bootstrap.bundle.make.debfile import read_deb
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.progress import Event, PartReady, silent
from bootstrap.bundle.verify import verify
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.digest import file_sha256
from bootstrap.model.error import KbootError
from bootstrap.model.tables.systems import RELEASES, Release
from bootstrap.model.tables.versions import VERSIONS
from tests.unit.programs import put

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("dpkg-deb", "apt-ftparchive", "gpg", "zstd"))), reason="makes packages and layers"
)
NEW, OLD = VERSIONS["1.36.3"], VERSIONS["1.35.4"]
BOOKWORM, TRIXIE = RELEASES[:2]
MANIFEST = "kind: ConfigMap\n"

# `go build -o DIR/ PACKAGES`: the program has the name of its package, without a major version at the end.
GO = """
case "$1 $2" in
"env GOVERSION") echo go1.26.8;;
"mod download")
    folder={modules}/$(echo "$4" | tr / _); [ -d "$folder" ] || folder={modules}/plain
    echo "{{\\"Dir\\": \\"$folder\\", \\"Info\\": \\"$folder/info.json\\"}}";;
build*)
    while [ "$1" != -o ]; do shift; done; out=$2; shift 2; touch "$out/go.sum"
    for package; do
        program=$out/$(basename "${{package%/v[0-9]}}"); echo "$package"
        printf '#!/bin/sh\\necho "$(basename %s) $*"\\n' "$package" >"$program"; chmod +x "$program"
    done;;
esac
"""
APT_GET = """
case "$*" in
*--print-uris*) drawn=$(case "$*" in *iptables*) echo libxtables12;; esac)
    for name in "$@" $drawn; do for deb in {pool}/"$name"_*.deb; do
        if [ -e "$deb" ]; then echo "'http://example.invalid/x' $(basename "$deb") 1 MD5Sum:0"; fi
    done; done;;
download*) for word; do case "$word" in *=*) cp {pool}/"${{word%%=*}}"_*.deb .;; esac; done;;
esac
"""
GCC = 'while [ "$1" != -o ]; do shift; done; echo pause >"$2"'


def _module(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True)
    (folder / "info.json").write_text(json.dumps({"Time": "2026-11-01T00:00:00Z"}))
    for path, text in {"LICENSE": "as you like\n", "go.mod": "go 1.26.0\n", **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `go mod download` has: each Kubernetes with the image versions that it asks for."""
    folder = tmp_path_factory.mktemp("modules")
    _module(folder / "plain")
    _module(folder / "example.invalid_cni@v1.2.3", **{"deploy/cni.yaml": MANIFEST})
    for versions in (NEW, OLD):
        asked = versions.asked
        constants = (
            f'DefaultEtcdVersion = "{asked.etcd}"\nCoreDNSVersion = "{asked.coredns}"\nPauseVersion = "{asked.pause}"\n'
        )
        _module(
            folder / f"k8s.io_kubernetes@v{versions.kubernetes}",
            **{
                "cmd/kubeadm/app/constants/constants.go": constants,
                "test/images/agnhost/VERSION": f"{versions.agnhost}\n",
                "build/pause/linux/pause.c": "int main;\n",
            },
        )
    return folder


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What apt has: an iptables that needs a library, with a hard link, a page of its manual and a folder."""
    pool = tmp_path_factory.mktemp("pool")
    for name, depends in {"iptables": "libxtables12 (>= 1.8)", "libxtables12": "", "busybox-static": ""}.items():
        package = tmp_path_factory.mktemp(name)
        relation = f"Depends: {depends}\n" if depends else ""
        _written(package / "DEBIAN/control",
            f"Package: {name}\nVersion: 1.8-1\nArchitecture: amd64\nMaintainer: a <a@b.invalid>\n{relation}"
            "Description: d\n")  # fmt: skip
        _written(package / f"usr/bin/{name}", "a program")
        os.link(package / f"usr/bin/{name}", package / f"usr/bin/{name}-again")
        (package / f"usr/bin/{name}-link").symlink_to(name)
        _written(package / f"usr/share/man/man8/{name}.8", "a manual")
        _written(package / f"usr/share/doc/{name}/changelog", "what changed")
        _written(package / f"usr/share/doc/{name}/copyright", "Format: x\nLicense: GPL-2\n\nLicense: MIT\n")
        deb = pool / f"{name}_1.8-1_amd64.deb"
        subprocess.run(["dpkg-deb", "--build", package, deb], check=True, capture_output=True, timeout=60)
    return pool


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Parts that one test made are there for the next."""
    folder = tmp_path_factory.mktemp("cache")
    yield folder
    subprocess.run(["gpgconf", "--homedir", folder / "bundle-key", "--kill", "all"], check=False, timeout=60)


@pytest.fixture(scope="module", autouse=True)
def tools(tmp_path_factory: pytest.TempPathFactory, modules: Path, pool: Path, cache: Path) -> Iterator[None]:
    """The programs in place of this machine's; `programs` of one test comes before them."""
    folder = tmp_path_factory.mktemp("tools")
    put(folder, "go", GO.format(modules=modules))
    put(folder, "apt-get", APT_GET.format(pool=pool))
    put(folder, "gcc", GCC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=":")
        patch.setattr(module, "cache_folder", lambda: cache)
        patch.setattr(module, "install_missing", lambda _observer: None)
        yield


def _addon(**upstream: str) -> AddonFile:
    told = {"module": "example.invalid/cni", "url": "https://example.invalid/cni.yaml", **upstream}
    plain = {"apiVersion": "kboot/v1", "kind": "Addon", "name": "cni", "version": "1.2.3", "licence": "MIT"}
    return AddonFile.model_validate({**plain, "summary": "a network", "upstream": told, "images": [], "ready": []})


@pytest.fixture(scope="module")
def addon(modules: Path) -> AddonFile:
    pinned = file_sha256(modules / "example.invalid_cni@v1.2.3/deploy/cni.yaml")
    return _addon(path="deploy/cni.yaml", sha256=pinned)


def _order(addon: AddonFile, output: Path) -> Order:
    return Order((NEW,), "amd64", (BOOKWORM,), BOOKWORM, (addon,), output)


@pytest.fixture
def order(tmp_path: Path, addon: AddonFile) -> Order:
    """Of one version and one release."""
    return _order(addon, tmp_path / "bundle")


@pytest.fixture(scope="module")
def built_both(
    tools: None, addon: AddonFile, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Bundle, tuple[Event, ...]]:
    """Two versions for two releases, the first that this cache sees, and what is told of it."""
    order = _order(addon, tmp_path_factory.mktemp("both") / "bundle")
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "bootstrap.bundle.make.recipe.sources_of", lambda release, _: (f"deb http://x/ {release.codename} main",)
        )
        both = build(replace(order, versions=(NEW, OLD), releases=(BOOKWORM, TRIXIE)), events.append)
    return both, tuple(events)


@pytest.fixture(scope="module")
def ordered(addon: AddonFile, tmp_path_factory: pytest.TempPathFactory) -> Order:
    """What `built` was made by."""
    return _order(addon, tmp_path_factory.mktemp("built") / "bundle")


@pytest.fixture(scope="module")
def built(built_both: object, ordered: Order) -> Bundle:
    """One version for one release, of parts that are there already; tests only read it."""
    return build(ordered, silent)


def test_a_bundle_is_whole_and_has_all_that_its_roles_need(built: Bundle, ordered: Order) -> None:
    assert verify(built) == ()
    assert finished(ordered) == built
    needs = built.lock.versions["1.36.3"]
    names = {file.name for file in built.lock.files if file.kind == "package"}
    assert set(needs["worker"].install) & names == {"kubelet", "kubeadm", "kubectl", "containerd.io", "iptables"}
    assert {"kubernetes-cni", "libxtables12"} <= set(needs["worker"].packages), "what they draw in"
    references = {file.reference for file in built.lock.files if file.kind == "image"}
    assert set(needs["control-plane"].images) == references
    assert "registry.k8s.io/etcd:3.6.8-0" not in needs["worker"].images
    assert (built.folder / "manifests/cni-1.2.3.yaml").read_text() == MANIFEST


def test_its_repository_is_signed_and_names_every_package(built: Bundle) -> None:
    apt = built.folder / "apt"
    verified = ["gpgv", "--keyring", str(apt / "kboot-archive-keyring.gpg"), str(apt / "bookworm/InRelease")]
    assert subprocess.run(verified, capture_output=True, timeout=60, check=False).returncode == 0
    indexed = {line.split()[1] for line in (apt / "bookworm/Packages").read_text().splitlines() if "Package:" in line}
    assert indexed == {file.name for file in built.lock.files if file.kind == "package"}


def test_debians_packages_keep_their_licences_and_ours_their_sources(built: Bundle) -> None:
    told = {file.name: (file.source, file.licence) for file in built.lock.files if file.kind == "package"}
    assert told["iptables"] == ("debian bookworm iptables 1.8-1", "GPL-2; MIT")
    assert told["kubelet"] == ("k8s.io/kubernetes@v1.36.3", "Apache-2.0")


def test_a_layer_has_programs_links_and_licences_and_no_manual(built: Bundle, cache: Path) -> None:
    (layer,) = (cache / "build").glob("layer-netfilter-*")
    plain = subprocess.check_output(["zstd", "-dcq", layer / "layer.tar.zst"], timeout=60)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        paths = {member.name: member.linkname for member in tar}
    assert paths["usr/bin/iptables-link"] == "iptables"
    assert paths["usr/sbin/iptables-save"] == "xtables-nft-multi"
    assert {"usr/bin/iptables", "usr/bin/iptables-again", "usr/share/doc/iptables/copyright"} <= set(paths)
    assert not {path for path in paths if "man8" in path or "changelog" in path}
    assert not (layer / "usr").exists(), "what was unpacked for it is gone"


def test_what_two_versions_and_two_releases_share_is_made_once_and_said_whose_it_is(
    built_both: tuple[Bundle, tuple[Event, ...]],
) -> None:
    both, events = built_both
    assert verify(both) == ()
    made = Counter(event.name for event in events if isinstance(event, PartReady) and not event.cached)
    assert (made["containerd"], made["image-flannel"], made["kubernetes"]) == (1, 1, 2)
    files = {file.path: file for file in both.lock.files}
    assert files["apt/bookworm/kubelet_1.35.4-1.1_amd64.deb"].kubernetes == ("1.35.4",)
    assert files["apt/trixie/containerd.io_2.3.7-1~debian.13~trixie_amd64.deb"].kubernetes == ()
    shared = ("apt/bookworm/iptables_1.8-1_amd64.deb", "apt/trixie/iptables_1.8-1_amd64.deb")
    kubelets = [path for path in files if "kubelet_1.36.3" in path]
    assert len({(both.folder / path).stat().st_ino for path in kubelets}) == 1, "one copy with two names"
    assert all(files[path].kubernetes == () for path in shared)
    etcd = next(file for file in both.lock.files if file.name == "etcd")
    assert etcd.stands_in_for == ("registry.k8s.io/etcd:3.6.6-0",)


def test_a_manifest_that_is_not_the_pinned_one_stops_the_build_with_both_digests(order: Order) -> None:
    addon = _addon(path="deploy/cni.yaml", sha256="0" * 64)
    with pytest.raises(KbootError, match="is not the pinned one") as caught:
        build(replace(order, addons=(addon,)), silent)
    assert caught.value.code == Code.BUNDLE_UPSTREAM_DIFFERS
    assert f"pinned {'0' * 64}" in caught.value.evidence
    assert not order.output.exists()


def test_a_kustomization_is_put_together_by_the_kubectl_that_was_built(order: Order, modules: Path) -> None:
    said = f"kubectl kustomize {modules}/example.invalid_cni@v1.2.3/deploy\n"
    addon = _addon(kustomization="deploy", sha256=hashlib.sha256(said.encode()).hexdigest())
    kustomized = build(replace(order, addons=(addon,)), silent)
    assert (kustomized.folder / "manifests/cni-1.2.3.yaml").read_text() == said


@pytest.mark.parametrize("machine", [BOOKWORM, TRIXIE], ids=["of another release", "of its own"])
def test_packages_that_cannot_be_had_are_told_in_apts_words_and_for_another_release_with_a_way_out(
    programs: Path, pool: Path, order: Order, monkeypatch: pytest.MonkeyPatch, machine: Release
) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda: order.output.parent / "cache")
    sources = ("deb http://mirror.example.invalid/ trixie main",) if machine is BOOKWORM else ()
    monkeypatch.setattr("bootstrap.bundle.make.recipe.sources_of", lambda *_: sources)
    fails = "case $1 in update) echo 'E: The repository does not have a Release file.' >&2; exit 100;; esac"
    only_there = 'grep -q trixie "$(dirname "$APT_CONFIG")/sources.list"'
    put(programs, "apt-get", f"if {only_there if sources else 'true'}; then {fails}; fi\n{APT_GET.format(pool=pool)}")
    with pytest.raises(KbootError) as caught:
        build(replace(order, machine=machine, releases=(TRIXIE,), addons=()), silent)
    assert caught.value.code == (Code.BUNDLE_RELEASE_UNKNOWN if sources else Code.BUNDLE_COMMAND_FAILED)
    assert "does not have a Release file" in caught.value.evidence
    assert ("--release bookworm" in caught.value.advice) is bool(sources)
    assert not order.output.exists()


def test_a_package_of_debian_that_says_no_licence_points_at_its_file(tmp_path: Path) -> None:
    from bootstrap.bundle.make.debfile import licence_of

    package = tmp_path / "package"
    _written(package / "DEBIAN/control",
        "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.invalid>\nDescription: d\n")  # fmt: skip
    for text in (None, "Copyright 1998, all rights free.\n", "Format: x\nLicense:\n text\n"):
        if text is not None:
            _written(package / "usr/share/doc/x/copyright", text)
        subprocess.run(
            ["dpkg-deb", "--build", package, tmp_path / "x.deb"], check=True, capture_output=True, timeout=60
        )
        assert licence_of(read_deb(tmp_path / "x.deb").path) == "see its copyright file"
