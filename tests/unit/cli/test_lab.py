"""`kboot lab` where it meets the inventory that it wrote."""

from pathlib import Path

import pytest

from bootstrap.cli.lab import _cluster_of
from bootstrap.lab.spec import LabSpec

INVENTORY = """\
apiVersion: kboot/v1
cluster: {name: renamed}
hosts: [{name: cp1, address: 10.77.0.11, role: control-plane}]
"""


@pytest.mark.parametrize(("written", "name"), [(INVENTORY, "renamed"), ("hosts:", "lab"), (None, "lab")])
def test_exec_uses_the_kubeconfig_of_the_cluster_that_the_inventory_names(
    tmp_path: Path, written: str | None, name: str
) -> None:
    path = tmp_path / "lab.yaml"
    if written is not None:
        path.write_text(written)
    assert _cluster_of(LabSpec("lab", inventory=str(path))) == name


def test_a_lab_that_wrote_no_inventory_has_its_own_name() -> None:
    assert _cluster_of(LabSpec("lab")) == "lab"
