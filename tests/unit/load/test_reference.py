"""The reference is the schema's: every field once, with all that is said of it."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from bootstrap.load.reference import Entry, entries, found, page
from bootstrap.load.schema import inventory_schema

FOLDER = Path(__file__).parents[3] / "inventory"
ENTRIES, SCHEMA = entries(), inventory_schema()


def test_the_page_in_the_repository_is_the_fields() -> None:
    assert (FOLDER / "REFERENCE.md").read_text() == page(), (
        "run: python3 -m bootstrap.load.reference > inventory/REFERENCE.md"
    )


def test_every_field_of_the_schema_stands_in_it_once() -> None:
    fields = sum(len(part["properties"]) for part in (SCHEMA, *SCHEMA["$defs"].values()))
    paths = [entry.path for entry in ENTRIES]
    assert len(paths) == len(set(paths)) == fields
    assert {"cluster.podCIDR", "cluster.firewall.apiFrom", "ssh.bastion", "hosts[].taints[].key"} <= set(paths)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_example_is_yaml_that_the_schema_takes(entry: Entry) -> None:
    value = yaml.safe_load(entry.example)
    assert list(value) == [entry.key]
    whole = SCHEMA
    for part in entry.path.rpartition(".")[0].replace("[]", "").split(".") if "." in entry.path else ():
        whole = {**whole, **_part(whole, part)}
    wanted = {**whole, "required": [], "additionalProperties": True}
    jsonschema.validate(value, wanted)


def _part(schema: dict[str, object], key: str) -> dict[str, object]:
    text = yaml.safe_dump(schema["properties"][key])  # type: ignore[index]
    name = text.split("#/$defs/")[1].split("'")[0].split("\n")[0]
    return dict(schema["$defs"][name])  # type: ignore[index]


@pytest.mark.parametrize(
    ("word", "paths"),
    [
        ("podCIDR", ["cluster.podCIDR"]),
        ("pod_cidr", ["cluster.podCIDR"]),
        ("hosts.nodeIP", ["hosts[].nodeIP"]),
        ("hosts[].nodeIP", ["hosts[].nodeIP"]),
        ("cluster.checks", ["cluster.checks", "cluster.checks.ignore", "cluster.checks.ignoreKubeadm"]),
        ("checks", ["cluster.checks", "cluster.checks.ignore", "cluster.checks.ignoreKubeadm"]),
        ("effect", ["hosts[].taints[].effect"]),
        ("zork", []),
    ],
)
def test_a_field_is_found_by_key_path_and_spelling(word: str, paths: list[str]) -> None:
    assert [entry.path for entry in found(word)] == paths


def test_a_paragraph_says_meaning_unit_default_and_example() -> None:
    (entry,) = found("podCIDR")
    assert entry.text().splitlines()[2:] == [
        "Pod network; every node takes a /24 of it. It is fixed once the cluster exists.",
        "",
        "- unit: an IPv4 network, /24 or wider",
        "- default: `10.244.0.0/16`",
        "- example: `podCIDR: 10.200.0.0/16`",
    ]


def test_a_hosts_own_ssh_is_told_where_the_files_is() -> None:
    assert [entry.path for entry in found("hosts[].ssh.port")] == ["ssh.port"]
