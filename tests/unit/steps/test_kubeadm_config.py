"""What kubeadm is given, as text: compared with golden files, which `kubeadm config validate` (1.36.3) has accepted."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import Lock, LockedFile
from bootstrap.model.target import RunValues, Wanted
from bootstrap.model.text import Secret
from bootstrap.steps.kubeadm_config import cluster_configuration, init_config, init_marker, join_config

GOLDEN = Path(__file__).parent / "golden"
INVENTORY: dict[str, Any] = {
    "apiVersion": "kboot/v1",
    "cluster": {
        "name": "lab",
        "bundle": "bundle",
        "endpoint": "api.lab.example",
        "certSANs": ["vip.lab.example"],
        "podCIDR": "10.10.0.0/16",
        "checks": {"ignoreKubeadm": ["SystemVerification"]},
        "overlays": {
            "kubeadm": {"dns": {"imageTag": "v1.14.3"}, "apiServer": {"extraArgs": [{"name": "v", "value": "2"}]}},
            "kubelet": {"failCgroupV1": False},
            "kubeProxy": {"conntrack": {"maxPerCore": 0, "min": 0}},
        },
    },
    "hosts": [
        {"name": "cp1", "address": "cp1.lab.example", "nodeIP": "10.0.0.11", "role": "control-plane"},
        {"name": "w1", "address": "10.0.0.12"},
    ],
}


def wanted(run: str = "run-1", public_id: str = "abcdef", **cluster: Any) -> Wanted:
    values = {**INVENTORY, "cluster": {**INVENTORY["cluster"], **cluster}}
    return Wanted(
        Inventory.model_validate(values), RunValues(run, public_id, datetime(2026, 11, 21, tzinfo=UTC), "/kubeconfig")
    )


def test_the_input_of_init() -> None:
    assert str(init_config(wanted())) == (GOLDEN / "init.yaml").read_text()


def test_the_input_of_join() -> None:
    everything = wanted()
    text = join_config(everything, everything.inventory.host("w1"), f"sha256:{'0' * 64}")
    assert str(text) == (GOLDEN / "join.yaml").read_text()


@pytest.mark.parametrize("token", ["abcdef.0123456789abcdef", "000000.0000000000000000", "1e0000.1111111111111111"])
def test_the_token_stands_in_the_resolved_text_alone_and_stays_a_string(token: str) -> None:
    text = init_config(wanted())
    assert token not in str(text)
    init = next(yaml.safe_load_all(text.resolve({"join-token": Secret(token)})))
    assert init["bootstrapTokens"][0]["token"] == token


def test_the_marker_is_the_same_in_every_run_and_another_for_another_wish() -> None:
    assert init_marker(wanted("run-1", "abcdef")) == init_marker(wanted("run-2", "zzzzzz"))
    assert init_marker(wanted()) != init_marker(wanted(podCIDR="10.11.0.0/16"))


def test_without_a_bundle_images_may_be_pulled() -> None:
    assert "imagePullPolicy: IfNotPresent" in str(init_config(wanted(bundle=None)))


def image(repository: str, tag: str, *instead: str) -> LockedFile:
    names = {"reference": f"{repository}:{tag}", "stands_in_for": tuple(f"{repository}:{one}" for one in instead)}
    digests = {"manifest_digest": "sha256:1", "config_digest": "sha256:2", "sha256": "0" * 64, "size_bytes": 1}
    told = {"path": f"images/{tag}.tar", "name": tag, "version": tag, "architecture": "amd64", "source": "s"}
    return LockedFile.model_validate({"kind": "image", "licence": "l", **told, **names, **digests})


def from_bundle(kubernetes: str, **cluster: Any) -> dict[str, Any]:
    """The ClusterConfiguration with a bundle whose etcd and CoreDNS were built for 1.36.3."""
    files = (
        image("registry.k8s.io/etcd", "3.6.8-0", "3.6.6-0"),
        image("registry.k8s.io/coredns/coredns", "v1.14.3", "v1.14.2", "v1.13.1"),
    )
    lock = Lock(kubernetes, "amd64", ("bookworm",), "A" * 40, {}, files)
    return cluster_configuration(replace(wanted(kubernetes=kubernetes, **cluster), lock=lock))


def test_what_the_bundle_has_instead_is_named_so_that_kubeadm_finds_it() -> None:
    made = from_bundle("1.35.4", overlays={})

    assert made["etcd"] == {"local": {"imageTag": "3.6.8-0"}}
    assert made["dns"] == {"imageTag": "v1.14.3"}


def test_what_kubeadm_names_itself_is_not_repeated() -> None:
    assert "etcd" not in from_bundle("1.36.3", overlays={})


def test_an_etcd_of_the_inventorys_own_stays_the_only_one() -> None:
    external = {"external": {"endpoints": ["https://10.0.0.5:2379"]}}

    assert from_bundle("1.35.4", overlays={"kubeadm": {"etcd": external}})["etcd"] == external


def test_the_inventory_has_the_last_word_on_a_tag() -> None:
    assert from_bundle("1.35.4", overlays={"kubeadm": {"dns": {"imageTag": "v9"}}})["dns"] == {"imageTag": "v9"}
