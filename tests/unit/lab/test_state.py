"""What a lab remembers, and who may touch it when."""

import threading
from pathlib import Path

import pytest

from bootstrap.lab import state
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState, locked, write_atomically
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError


@pytest.fixture
def labs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for labs that is the test's own."""
    monkeypatch.setattr(state, "LABS", tmp_path / "kboot" / "lab")
    return tmp_path / "kboot" / "lab"


def test_a_lab_that_was_saved_is_known(labs: Path) -> None:
    lab = LabState(labs / "x")
    lab.folder.mkdir(parents=True)
    spec = LabSpec("x", written=(("/here/lab.yaml", "00"),)).with_hosts(2)

    lab.save(spec)

    assert lab.known() == spec


def test_an_unknown_lab_is_said_with_the_names_of_those_that_are_there(labs: Path) -> None:
    (labs / "other").mkdir(parents=True)

    with pytest.raises(KbootError, match="there are: other") as unknown:
        LabState(labs / "x").known()

    assert unknown.value.code == Code.LAB_UNKNOWN


def test_what_a_newer_kboot_wrote_beside_is_passed_over() -> None:
    text = LabSpec("x").with_hosts(1).to_json().replace('"name": "x",', '"name": "x", "colour": "blue",', 1)

    assert LabSpec.from_json(text).name == "x"


def test_a_command_that_put_nothing_into_the_folder_leaves_no_folder(labs: Path) -> None:
    with locked(LabState(labs / "x")):
        pass

    assert not labs.parent.exists()


def test_the_folder_is_for_root_alone(labs: Path) -> None:
    lab = LabState(labs / "x")
    with locked(lab):
        lab.save(LabSpec("x"))

        assert lab.folder.stat().st_mode & 0o777 == 0o700
        assert lab.spec_file.stat().st_mode & 0o777 == 0o600


def test_two_commands_on_one_lab_take_turns(labs: Path) -> None:
    lab, order = LabState(labs / "x"), []

    def second() -> None:
        with locked(lab):
            order.append("second")

    with locked(lab):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.2)
        order.append("first")
    other.join(60)

    assert order == ["first", "second"]


def test_a_command_that_waited_while_down_removed_the_lab_starts_in_a_new_folder(labs: Path) -> None:
    lab, seen = LabState(labs / "x"), []

    def second() -> None:
        with locked(lab):
            seen.append(lab.folder.is_dir())

    with locked(lab):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.2)
        lab.folder.rmdir()
    other.join(60)

    assert seen == [True]


def test_a_file_is_private_from_its_first_byte_and_replaced_in_one_step(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    write_atomically(secret, "one", 0o600)
    before = secret.open()

    write_atomically(secret, "two", 0o600)

    assert (before.read(), secret.read_text()) == ("one", "two")
    assert secret.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
