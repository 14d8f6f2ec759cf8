"""Whether a live object still has what an addon's manifest sets."""

import copy
from typing import Any

import pytest

from bootstrap.steps.addon import holds

WANTED: dict[str, Any] = {
    "kind": "Deployment",
    "spec": {
        "replicas": 1,
        "paused": False,
        "template": {
            "spec": {"containers": [{"name": "a", "args": ["--x"], "resources": {"requests": {"cpu": "0.1"}}}]}
        },
    },
}
LIVE: dict[str, Any] = {
    "kind": "Deployment",
    "metadata": {"uid": "1"},
    "spec": {
        "replicas": 1,
        "strategy": {"type": "RollingUpdate"},
        "template": {
            "spec": {
                "dnsPolicy": "ClusterFirst",
                "containers": [
                    {"name": "a", "image": "i", "args": ["--x"], "resources": {"requests": {"cpu": "100m"}}}
                ],
            }
        },
    },
}


def test_defaults_and_other_forms_of_an_amount_do_not_matter() -> None:
    assert holds(WANTED, LIVE)


def test_what_is_not_there_holds_only_what_is_empty() -> None:
    assert not holds(WANTED, None)
    assert holds({"data": {}, "x": [], "y": None, "z": "", "w": False, "n": 0}, {})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "replicas"), 2),
        (("spec", "paused"), True),
        (("spec", "template", "spec", "containers", 0, "args"), ["--x", "--y"]),
        (("spec", "template", "spec", "containers", 0, "args"), []),
        (("spec", "template", "spec", "containers", 0, "resources", "requests", "cpu"), "200m"),
    ],
)
def test_an_edited_field_is_seen(path: tuple[Any, ...], value: Any) -> None:
    live = copy.deepcopy(LIVE)
    place: Any = live
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not holds(WANTED, live)
