"""The inventory picks one of a bundle's Kubernetes versions; one that it lacks is told with its place."""

from datetime import date
from pathlib import Path

import pytest

from bootstrap.load.bundled import bundled_version
from bootstrap.load.error import InvalidInput
from bootstrap.load.inventory import load_inventory
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.lock import BundleLock

HOSTS = "hosts:\n  - {name: cp1, address: 10.1.0.1, role: control-plane}\n"


def bundle(*versions: str) -> BundleLock:
    return BundleLock(
        architecture="amd64",
        releases=("bookworm",),
        built=date(2026, 11, 21),
        recipe="0" * 64,
        apt_key_fingerprint="A" * 40,
        versions={version: {} for version in versions},
        files=(),
    )


def inventory(tmp_path: Path, cluster: str) -> Path:
    path = tmp_path / "lab.yaml"
    path.write_text(f"apiVersion: kboot/v1\ncluster:\n{cluster}{HOSTS}")
    return path


def test_the_inventory_picks_the_version(tmp_path: Path) -> None:
    path = inventory(tmp_path, '  kubernetes: "1.35.4"\n')

    assert bundled_version(load_inventory(path), path, bundle("1.36.3", "1.35.4")).kubernetes == "1.35.4"


def test_a_version_that_the_bundle_lacks_is_told_at_its_line(tmp_path: Path) -> None:
    path = inventory(tmp_path, '  name: attic\n  kubernetes: "1.34.4"\n')

    with pytest.raises(InvalidInput, match=r"holds Kubernetes 1\.36\.3 and 1\.35\.4, not 1\.34\.4") as caught:
        bundled_version(load_inventory(path), path, bundle("1.36.3", "1.35.4"))

    assert caught.value.exit_code is ExitCode.INVALID_INPUT
    assert caught.value.where == f"{path}:4:15"
    assert "--kubernetes 1.34.4" in caught.value.advice


def test_a_default_version_that_the_bundle_lacks_is_told_where_the_line_would_stand(tmp_path: Path) -> None:
    path = inventory(tmp_path, "  name: attic\n")

    with pytest.raises(InvalidInput) as caught:
        bundled_version(load_inventory(path), path, bundle("1.35.4"))

    assert caught.value.where.startswith(f"{path}:")
    assert 'set cluster.kubernetes: "1.35.4"' in caught.value.advice
