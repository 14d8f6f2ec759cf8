"""What was given and what kubeadm made of it: `live` is what kubeadm 1.36.3 stored for it."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.steps.control_plane.live_configuration import KUBELET, differences, read

KUBELET_GIVEN = """\
failCgroupV1: false
protectKernelDefaults: false
maxPods: 250
nodeStatusUpdateFrequency: 90s
containerLogMaxSize: 10240Ki
evictionHard: {memory.available: 1024Mi}
kubeReserved: {}
reservedMemory: [{numaNode: 0, limits: {memory: 1024Mi}}]
"""
KUBELET_LIVE = """\
authentication:
  anonymous:
    enabled: false
cgroupDriver: systemd
containerLogMaxSize: 10240Ki
evictionHard:
  memory.available: 1024Mi
failCgroupV1: false
imageMinimumGCAge: 0s
maxPods: 250
memorySwap: {}
nodeStatusUpdateFrequency: 1m30s
reservedMemory:
- limits:
    memory: 1Gi
  numaNode: 0
rotateCertificates: true
"""
KUBE_PROXY_GIVEN = """\
mode: nftables
conntrack: {maxPerCore: 0, min: 0, tcpCloseWaitTimeout: 1h}
nodePortAddresses: []
"""
KUBE_PROXY_LIVE = """\
conntrack:
  maxPerCore: 0
  min: 0
  tcpBeLiberal: false
  tcpCloseWaitTimeout: 1h0m0s
  tcpEstablishedTimeout: null
mode: nftables
nodePortAddresses: null
"""
KUBEADM_GIVEN = """\
apiServer:
  extraArgs: [{name: v, value: "2"}]
  extraVolumes: [{name: a, hostPath: /a, mountPath: /a, readOnly: false}]
certificateValidityPeriod: 17520h
proxy: {disabled: false}
"""
KUBEADM_LIVE = """\
apiServer:
  extraArgs:
  - name: v
    value: "2"
  extraVolumes:
  - hostPath: /a
    mountPath: /a
    name: a
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 17520h0m0s
proxy: {}
"""
STORED = [(KUBELET_GIVEN, KUBELET_LIVE), (KUBE_PROXY_GIVEN, KUBE_PROXY_LIVE), (KUBEADM_GIVEN, KUBEADM_LIVE)]


def found(given: Any, live: Any) -> list[str]:
    return [".".join(path) for path in differences(given, live)]


@pytest.mark.parametrize(("given", "live"), STORED, ids=["kubelet", "kube-proxy", "kubeadm"])
def test_what_kubeadm_stored_for_it_is_no_difference(given: str, live: str) -> None:
    assert found(yaml.safe_load(given), yaml.safe_load(live)) == []


@pytest.mark.parametrize(
    ("given", "live"),
    [
        ({"maxPods": 250}, {}),
        ({"maxPods": 250}, {"maxPods": 110}),
        ({"failCgroupV1": False}, {}),
        ({"failSwapOn": False}, {"failSwapOn": True}),
        ({"healthzPort": 0}, {"healthzPort": False}),
        ({"period": "90s"}, {"period": "1m0s"}),
        ({"period": "90s"}, {"period": 90}),
        ({"imageTag": "1.10"}, {"imageTag": "1.1"}),
        ({"conntrack": {"min": 0}}, {"conntrack": {"min": None}}),
        ({"conntrack": {"min": 1}}, {"conntrack": []}),
        ({"conntrack": {"min": 1}}, None),
        ({"clusterDNS": ["10.0.0.1", "10.0.0.2"]}, {"clusterDNS": ["10.0.0.2", "10.0.0.1"]}),
        ({"clusterDNS": ["10.0.0.1"]}, {"clusterDNS": None}),
        ({"clusterDNS": []}, {"clusterDNS": ["10.0.0.1"]}),
        ({"args": [{"name": "v", "value": "2"}]}, {"args": [{"name": "v", "value": "3"}]}),
        ({"args": [{"name": "v"}]}, {"args": [{"name": "v", "value": "3"}]}),
        ({"reservedMemory": [{"limits": {"memory": "1Gi"}}]}, {"reservedMemory": [{"limits": {"memory": "2Gi"}}]}),
    ],
)
def test_what_means_something_else_is_one(given: Any, live: Any) -> None:
    assert len(found(given, live)) == 1


LEAVES = st.one_of(st.integers(), st.booleans(), st.text(max_size=5), st.just("90s"), st.just("0"))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)
DOCUMENTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


@given(DOCUMENTS, DOCUMENTS)
def test_a_document_is_the_same_as_itself_whatever_is_added(given_: dict[str, Any], more: dict[str, Any]) -> None:
    assert found(given_, more | given_) == []


@given(DOCUMENTS, VALUES)
def test_nothing_that_stands_in_the_cluster_makes_it_raise(given_: dict[str, Any], live: Any) -> None:
    assert {path[0] for path in differences(given_, live)} <= set(given_)


@pytest.mark.parametrize(
    "config_map", [{}, {"data": None}, {"data": {"kubelet": "a: ["}}, {"data": {"kubelet": "- a"}}]
)
def test_a_config_map_without_a_configuration_is_none(config_map: Any) -> None:
    assert read(KUBELET, {KUBELET.ref: config_map}) is None
    assert read(KUBELET, {}) is None
