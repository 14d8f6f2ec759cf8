"""A key may be written in snake_case: it means the same, and mistakes stay at their places."""

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.inventory import inventory_of
from bootstrap.load.source import Source

CAMEL = """\
apiVersion: kboot/v1
cluster:
  podCIDR: 10.3.0.0/16
  controlPlaneTaint: keep
  certSANs: [a.lab]
  firewall: {apiFrom: [10.0.0.0/8], metrics4443: closed}
  overlays: {kubeProxy: {mode: nftables}}
ssh: {hostKeys: accept-new}
hosts:
  - {name: cp1, address: 10.1.0.1, role: control-plane, nodeIP: 10.2.0.1, labels: {node_ip: a}}
"""
SNAKE = {
    "apiVersion": "api_version", "podCIDR": "pod_cidr", "controlPlaneTaint": "control_plane_taint",
    "certSANs": "cert_sans", "apiFrom": "api_from", "metrics4443": "metrics_4443", "kubeProxy": "kube_proxy",
    "hostKeys": "host_keys", "nodeIP": "node_ip",
}  # fmt: skip


def in_snake_case(text: str) -> str:
    for camel, snake in SNAKE.items():
        text = text.replace(camel, snake)
    return text


def test_both_spellings_mean_the_same() -> None:
    assert inventory_of(Source("x.yaml", in_snake_case(CAMEL))) == inventory_of(Source("x.yaml", CAMEL))


def test_a_free_form_mapping_keeps_its_keys() -> None:
    found = inventory_of(Source("x.yaml", CAMEL.replace("mode: nftables", "node_ip: a, pod_cidr: b")))
    assert found.cluster.overlays.kube_proxy == {"node_ip": "a", "pod_cidr": "b"}
    assert found.hosts[0].labels == {"node_ip": "a"}


@pytest.mark.parametrize("order", [("podCIDR", "pod_cidr"), ("pod_cidr", "podCIDR")])
def test_both_spellings_of_one_field_are_a_key_given_twice(order: tuple[str, str]) -> None:
    text = CAMEL.replace("  podCIDR: 10.3.0.0/16\n", "".join(f"  {key}: 10.3.0.0/16\n" for key in order))
    with pytest.raises(InvalidInput) as caught:
        inventory_of(Source("x.yaml", text))
    here, there = order.index("pod_cidr") + 3, order.index("podCIDR") + 3
    (line,) = map(str, caught.value.errors)
    assert line.startswith(f'x.yaml:{here}:3: "pod_cidr" is another spelling of "podCIDR"')
    assert f"it stands in line {there}" in line


def test_a_firewall_of_one_word_is_its_policy() -> None:
    text = CAMEL.replace("{apiFrom: [10.0.0.0/8], metrics4443: closed}", "leave")
    assert inventory_of(Source("x.yaml", text)).cluster.firewall.policy == "leave"


@pytest.mark.parametrize("word", ["runtimeConflict", "runtime_conflict"])
def test_the_runtime_conflict_is_known_by_both_spellings(word: str) -> None:
    """Error pages and forums name it with an underscore, as Python does."""
    found = inventory_of(Source("x.yaml", CAMEL.replace("controlPlaneTaint: keep", f"{word}: replace")))
    assert found.cluster.runtime_conflict == "replace"
