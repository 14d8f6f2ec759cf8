"""Merging into a kubeconfig that somebody else wrote: what is not ours stays byte for byte."""

import difflib
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.model.kubeconfig import SECTIONS, Access, KubeconfigError, foreign, merged

ADMIN = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://10.0.0.1:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: QQ==
    client-key-data: Qg==
"""
OURS = Access.of(ADMIN, "lab")
REBUILT = Access.of(ADMIN.replace("Q0E=", "TkVX"), "lab")
THEIRS = """\
# my clusters, do not touch
apiVersion: v1
kind: Config
preferences: {colors: true}
current-context:   "work"   # the one at work
clusters:
  - name: work
    cluster: {server: "https://work:6443", insecure-skip-tls-verify: true}
    # a comment after it
contexts:
  - context:
      cluster: work
      namespace: team-a
      user: me
    name: work

users:
  -
    name: me
    user:
      exec:
        command: aws
        args: [eks, get-token]
        apiVersion: client.authentication.k8s.io/v1
      # trailing thought
# the end
"""


def lines_removed(before: str, after: str) -> list[str]:
    """Lines of `before` that `after` has lost."""
    changes = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[2:] for line in changes if line.startswith("- ")]


def test_an_access_can_be_at_another_server() -> None:
    assert OURS.at("https://a:6443").cluster == {**OURS.cluster, "server": "https://a:6443"}


def test_a_namespace_that_was_chosen_for_ours_stays() -> None:
    chosen = merged(THEIRS, OURS).replace("user: lab-admin\n", "user: lab-admin\n      namespace: dev\n")
    assert yaml.safe_load(chosen)["contexts"][1]["context"]["namespace"] == "dev"
    assert merged(chosen, OURS) == chosen
    assert yaml.safe_load(merged(chosen, REBUILT))["contexts"][1]["context"]["namespace"] == "dev"


def test_what_is_said_of_a_broken_file_shows_none_of_its_lines() -> None:
    with pytest.raises(KubeconfigError) as raised:
        merged("users:\n- user: {client-key-data: S0VZ: [\n", OURS)
    assert "S0VZ" not in str(raised.value)


def test_an_empty_file_becomes_a_kubeconfig_of_its_own() -> None:
    document = yaml.safe_load(merged("", OURS))
    assert document["current-context"] == "lab"
    assert document["clusters"][0]["cluster"]["server"] == "https://10.0.0.1:6443"


def test_every_byte_of_others_stays() -> None:
    text = merged(THEIRS, OURS)
    assert lines_removed(THEIRS, text) == []
    assert yaml.safe_load(text)["current-context"] == "work"
    assert Access.of(text.replace('"work"', "lab"), "lab") == OURS


def test_merging_twice_changes_nothing() -> None:
    once = merged(THEIRS, OURS)
    assert merged(once, OURS) == once


def test_a_new_ca_replaces_ours_and_leaves_the_rest() -> None:
    before = merged(THEIRS, OURS)
    after = merged(before, REBUILT)
    assert [line.strip() for line in lines_removed(before, after)] == ["certificate-authority-data: Q0E="]
    assert "TkVX" in after
    assert merged(after, OURS) == before


def test_only_when_asked_does_it_become_the_current_context() -> None:
    assert yaml.safe_load(merged(THEIRS, OURS, use=True))["current-context"] == "lab"
    assert "# the one at work" in merged(THEIRS, OURS, use=True)


@pytest.mark.parametrize("empty", ["[]", "null", "~", ""])
def test_an_empty_list_is_filled(empty: str) -> None:
    before = f"apiVersion: v1\nkind: Config\nclusters: {empty}\ncontexts: {empty}\nusers: {empty}\n"
    document = yaml.safe_load(merged(before, OURS))
    assert [entry["name"] for entry in document["contexts"]] == ["lab"]
    assert document["current-context"] == "lab"


def test_json_is_yaml_too() -> None:
    document = yaml.safe_load(THEIRS)
    before = json.dumps(document, indent=2)
    after = merged(before, OURS)
    assert json.loads(after)["users"][0] == document["users"][0]
    assert merged(merged(after, REBUILT), OURS) == after


def test_a_file_without_a_last_line_break_is_whole_afterwards() -> None:
    assert lines_removed(THEIRS.rstrip("\n"), merged(THEIRS.rstrip("\n"), OURS)) == []


@pytest.mark.parametrize("text", ["- a\n", "kind: Pod\n", "a: [\n", "clusters: 3\n"])
def test_what_is_no_kubeconfig_is_refused(text: str) -> None:
    with pytest.raises(KubeconfigError):
        merged(text, OURS)


def test_an_anchor_that_an_edit_would_break_is_refused_rather_than_damaged() -> None:
    text = "clusters: &a\n- name: other\n  cluster: {server: x}\nusers: *a\n"
    with pytest.raises(KubeconfigError):
        merged(text, OURS)


def test_an_entry_of_our_name_with_other_server_and_ca_is_foreign() -> None:
    assert not foreign(THEIRS, OURS)
    assert not foreign(merged("", OURS), REBUILT)
    elsewhere = Access.of(ADMIN.replace("Q0E=", "WA==").replace("10.0.0.1", "10.9.9.9"), "lab")
    assert "10.9.9.9" in foreign(merged("", elsewhere), OURS)
    assert not foreign(merged("", elsewhere), OURS, {"https://10.9.9.9:6443"}), "an earlier address of ours"


@pytest.mark.parametrize("odd", ["3", "[1]", "{server: 3}", "null"])
def test_a_cluster_that_says_nothing_is_taken_over_or_told_and_never_an_error(odd: str) -> None:
    text = f"clusters: [{{name: lab, cluster: {odd}}}]\ncontexts: [{{name: lab, context: {odd}}}]\nusers: []\n"
    assert foreign(text, OURS) == (
        "the cluster 'lab' there is 3, ours is https://10.0.0.1:6443" if "server" in odd else ""
    )


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)
entries = st.lists(names, unique=True, max_size=4)


@given(clusters=entries, users=entries, contexts=entries, flow=st.sampled_from([True, False, None]))
def test_any_kubeconfig_keeps_all_that_is_not_ours(
    clusters: list[str], users: list[str], contexts: list[str], flow: bool | None
) -> None:
    given_names = {"clusters": clusters, "users": users, "contexts": contexts}
    document = {section: [{"name": name, "x": name} for name in given_names[section]] for section in SECTIONS}
    before = yaml.safe_dump(document, default_flow_style=flow, allow_unicode=True)
    after = yaml.safe_load(merged(before, OURS))
    for section in SECTIONS:
        ours = OURS.entries()[section]["name"]
        kept = [entry for entry in after[section] if entry["name"] != ours]
        assert kept == [entry for entry in document[section] if entry["name"] != ours]
        assert OURS.entries()[section] in after[section]


def test_what_it_writes_needs_no_tags() -> None:
    assert not re.search(r"!!", merged(THEIRS, OURS))
