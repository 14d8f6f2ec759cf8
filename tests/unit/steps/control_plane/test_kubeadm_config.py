"""What kubeadm is given, as text: compared with golden files, which `kubeadm config validate` (1.36.3) has accepted."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Wanted
from bootstrap.model.text import Secret
from bootstrap.steps.control_plane.kubeadm_config import init_config, init_marker, join_config

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
