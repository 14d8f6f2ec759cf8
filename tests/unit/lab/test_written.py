"""The inventory file: the lab's own text is kept up to date, a person's edits are left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.lab import written
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError


@pytest.fixture
def lab(tmp_path: Path) -> LabState:
    """A lab with a folder."""
    (tmp_path / "state").mkdir()
    return LabState(tmp_path / "state")


@pytest.fixture
def spec(tmp_path: Path) -> LabSpec:
    """A lab of two hosts whose inventory goes into the test's folder."""
    return replace(LabSpec("lab").with_hosts(2), inventory=str(tmp_path / "lab.yaml"))


def test_it_follows_the_lab(lab: LabState, spec: LabSpec, tmp_path: Path) -> None:
    first = written.write(lab, spec)

    written.write(lab, first.with_hosts(3))

    assert "w2" in (tmp_path / "lab.yaml").read_text()


def test_an_edited_one_is_left_alone(lab: LabState, spec: LabSpec, tmp_path: Path) -> None:
    first = written.write(lab, spec)
    (tmp_path / "lab.yaml").write_text("mine\n")

    written.write(lab, first)
    written.remove(first)

    assert (tmp_path / "lab.yaml").read_text() == "mine\n"


def test_a_file_of_somebody_else_is_refused_before_anything_happens(spec: LabSpec, tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text("mine\n")

    with pytest.raises(KbootError) as refused:
        written.refuse_edited(None, spec)

    assert refused.value.code == Code.LAB_INVENTORY_EDITED
    assert "--inventory" in refused.value.advice


def test_up_again_minds_no_edits_but_a_new_host_does(lab: LabState, spec: LabSpec, tmp_path: Path) -> None:
    first = written.write(lab, spec)
    (tmp_path / "lab.yaml").write_text("mine\n")

    written.refuse_edited(first, first)
    with pytest.raises(KbootError):
        written.refuse_edited(first, first.with_hosts(3))


def test_every_inventory_goes_with_the_lab_wherever_it_was_written(
    lab: LabState, spec: LabSpec, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    first = written.write(lab, spec)
    second = written.write(lab, replace(first, inventory=str(tmp_path / "elsewhere" / "lab.yaml")))

    written.remove(second)

    assert sorted(path.name for path in tmp_path.rglob("*.yaml")) == []
