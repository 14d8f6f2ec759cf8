"""Our entry in a kubeconfig that has others."""

import pytest
import yaml

from bootstrap.steps.control_plane.kubeconfig import Entry, NoKubeconfigError, merged

ADMIN = """\
apiVersion: v1
clusters: [{name: lab, cluster: {certificate-authority-data: Q0E=, server: "https://10.0.0.1:6443"}}]
users: [{name: kubernetes-admin, user: {client-certificate-data: Q1JU, client-key-data: S0VZ}}]
"""
ENTRY = Entry.of_admin_conf(ADMIN, "lab")
THEIRS = """\
apiVersion: v1
kind: Config
preferences: {colors: true}
clusters: [{name: work, cluster: {server: "https://work:6443"}}]
users: [{name: me, user: {token: t}}]
contexts: [{name: work, context: {cluster: work, user: me}}]
current-context: work
"""


def test_alone_it_is_a_whole_kubeconfig() -> None:
    made = yaml.safe_load(merged("", ENTRY))
    assert made["current-context"] == "lab"
    assert made["contexts"] == [{"name": "lab", "context": {"cluster": "lab", "user": "lab-admin"}}]
    assert (made["apiVersion"], made["kind"]) == ("v1", "Config")


def test_others_stay_and_ours_becomes_current_once() -> None:
    both = merged(THEIRS, ENTRY)
    made = yaml.safe_load(both)
    assert [one["name"] for one in made["clusters"]] == ["work", "lab"]
    assert made["preferences"] == {"colors": True}
    assert made["current-context"] == "lab"
    chosen = both.replace("current-context: lab", "current-context: work")
    assert merged(chosen, ENTRY) == chosen


def test_a_second_merge_changes_no_byte() -> None:
    once = merged(THEIRS, ENTRY)
    assert merged(once, ENTRY) == once


def test_a_rebuilt_cluster_replaces_its_own_entry_and_keeps_the_chosen_namespace() -> None:
    once = merged(THEIRS, ENTRY).replace("cluster: lab\n", "cluster: lab\n    namespace: dev\n")
    assert merged(once, ENTRY) == once
    made = yaml.safe_load(merged(once, Entry.of_admin_conf(ADMIN.replace("Q0E=", "TkVX"), "lab")))
    assert [one["name"] for one in made["clusters"]] == ["work", "lab"]
    assert made["clusters"][1]["cluster"]["certificate-authority-data"] == "TkVX"
    assert made["contexts"][1]["context"]["namespace"] == "dev"


def test_another_server_can_be_given() -> None:
    assert Entry.of_admin_conf(ADMIN, "lab", "https://a:6443").cluster["server"] == "https://a:6443"


@pytest.mark.parametrize("text", ["clusters: [1]", "- a\n- b\n", "clusters: [\n", "just words", "clusters: {a: b}"])
def test_what_is_no_kubeconfig_is_told(text: str) -> None:
    with pytest.raises(NoKubeconfigError):
        merged(text, ENTRY)


@pytest.mark.parametrize("text", ["", "clusters: []", ADMIN[:60], "- x"])
def test_half_an_admin_conf_is_told(text: str) -> None:
    with pytest.raises(NoKubeconfigError):
        Entry.of_admin_conf(text, "lab")
