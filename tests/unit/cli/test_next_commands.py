"""The three commands after a run fit how it ended, and can be typed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.cli.asked import Asked
from bootstrap.cli.next_commands import closing
from bootstrap.cli.preparing import Prepared
from bootstrap.cli.site import Site
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.playbook import Playbook
from bootstrap.model.report import HostResult, HostStatus, Report
from bootstrap.model.target import RunValues, Wanted
from bootstrap.run import EVERYTHING
from tests.unit.show.scene import INVENTORY, report

REACHED = Report("up", (), (HostResult("cp1", HostStatus.REACHED),), seconds=1)
ALONE = Inventory(api_version="kboot/v1", hosts=(Host(name="cp1", address="10.0.0.1", role="control-plane"),))


def prepared(inventory: Inventory = INVENTORY, kubeconfig: str = "kubeconfig") -> Prepared:
    """A run over this inventory, which `-i other.yaml` named."""
    wanted = Wanted(inventory, RunValues("run", "abcdef", datetime(2026, 1, 1, tzinfo=UTC), kubeconfig))
    site = Site(Path("other.yaml"), True, inventory)
    return Prepared(site, Playbook("up", "", ()), wanted, EVERYTHING, lambda _: Path())


def typed(ended: Report, asked: Asked, inventory: Inventory = INVENTORY) -> list[str]:
    """What the summary suggests."""
    return [command for command, _ in closing(ended, prepared(inventory), asked).next_commands]


@pytest.mark.parametrize(
    ("asked", "inventory", "first"),
    [
        (Asked("up"), INVENTORY, "kboot kubectl -i other.yaml get nodes -o wide"),
        (Asked("join-workers"), INVENTORY, "kboot kubectl -i other.yaml get nodes -o wide"),
        (Asked("init-master"), INVENTORY, "kboot join-workers -i other.yaml"),
        (Asked("init-master"), ALONE, "kboot kubectl -i other.yaml get nodes -o wide"),
        (Asked("./mine.yaml"), INVENTORY, "kboot plan up -i other.yaml"),
        (Asked("up", only=("x",), typed="addons apply"), INVENTORY, "kboot addons list -i other.yaml"),
    ],
    ids=str,
)
def test_after_a_run_that_went_well_there_are_three(asked: Asked, inventory: Inventory, first: str) -> None:
    commands = typed(REACHED, asked, inventory)
    assert commands[0] == first
    assert len(commands) == 3
    assert commands[2] == "kboot status -i other.yaml"


@pytest.mark.parametrize(
    "asked", [Asked("up", only=("os-supported",)), Asked("up", skip=("cluster",)), Asked("up", limit=("w1",))], ids=str
)
def test_after_a_part_of_it_a_cluster_is_looked_at_where_there_is_one(asked: Asked, tmp_path: Path) -> None:
    kept = tmp_path / "kubeconfig"
    assert [command for command, _ in closing(REACHED, prepared(kubeconfig=str(kept)), asked).next_commands] == [
        "kboot plan up -i other.yaml",
        "kboot up -i other.yaml",
        "kboot status -i other.yaml",
    ]
    kept.touch()
    first, _ = closing(REACHED, prepared(kubeconfig=str(kept)), asked).next_commands[0]
    assert first == "kboot kubectl -i other.yaml get nodes -o wide"


def test_after_a_failure_the_code_is_explained_and_the_silent_host_looked_at() -> None:
    assert typed(report(failed=True), Asked("up")) == [
        "kboot explain KB0001",
        "kboot hosts scan -i other.yaml w2",
        "kboot status -i other.yaml",
    ]


def test_a_refused_key_comes_before_hosts_that_are_silent() -> None:
    hosts = (
        HostResult("w1", HostStatus.UNREACHABLE, "no answer", "", Code.UNREACHABLE),
        HostResult("w2", HostStatus.KEY_REFUSED, "unknown", "", Code.HOST_KEY_UNKNOWN),
    )
    assert "kboot hosts scan -i other.yaml w2" in typed(Report("up", (), hosts, seconds=1), Asked("up"))


def test_how_to_run_it_again_repeats_what_was_typed() -> None:
    assert closing(REACHED, prepared(), Asked("up", limit=("w1",), skip=("a", "b"))).again == (
        "kboot up -i other.yaml --limit w1 --skip a,b"
    )
    addons = Asked("up", only=("x",), typed="addons apply flannel")
    assert closing(REACHED, prepared(), addons).again == "kboot addons apply flannel -i other.yaml"
