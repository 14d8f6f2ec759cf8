"""Parts are made once per recipe, in order, and a build that was cut off goes on where it was."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bootstrap.bundle.make.graph import Workshop, make_all
from bootstrap.bundle.make.part import Part, keys_of
from bootstrap.bundle.make.progress import Event, PartProgress, PartReady, PartStarted, Tell
from bootstrap.bundle.make.store import Store

Make = Callable[[Path, Mapping[str, Path], Tell], None]


def _writes(content: str, made: list[str]) -> Make:
    def make(out: Path, inputs: Mapping[str, Path], tell: Tell) -> None:
        below = "".join((folder / "text").read_text() for _, folder in sorted(inputs.items()))
        made.append(content)
        tell("working")
        (out / "text").write_text(content + below)

    return make


def _parts(made: list[str], recipe: str = "1") -> tuple[Part, ...]:
    return (
        Part("program", recipe, _writes("program", made), lane="compile"),
        Part("layer", "1", _writes("layer", made)),
        Part("image", "1", _writes("image+", made), needs=("program", "layer")),
    )


def _workshop(folder: Path, events: list[Event] | None = None, surroundings: str = "amd64") -> Workshop:
    return Workshop(Store(folder), surroundings, (events if events is not None else []).append)


def test_a_part_gets_the_folders_of_what_it_needs(tmp_path: Path) -> None:
    folders = make_all(_parts([]), _workshop(tmp_path))
    assert (folders["image"] / "text").read_text() == "image+layerprogram"


def test_a_second_build_makes_nothing(tmp_path: Path) -> None:
    made: list[str] = []
    first = make_all(_parts(made), _workshop(tmp_path))
    made.clear()
    assert make_all(_parts(made), _workshop(tmp_path)) == first
    assert made == []


def test_another_recipe_makes_that_part_and_what_needs_it_again(tmp_path: Path) -> None:
    made: list[str] = []
    make_all(_parts(made), _workshop(tmp_path))
    made.clear()
    make_all(_parts(made, recipe="2"), _workshop(tmp_path))
    assert made == ["program", "image+"]


def test_other_surroundings_make_everything_again(tmp_path: Path) -> None:
    made: list[str] = []
    make_all(_parts(made), _workshop(tmp_path))
    make_all(_parts(made), _workshop(tmp_path, surroundings="arm64"))
    assert len(made) == 6


def test_a_part_that_failed_leaves_nothing_and_the_others_are_kept(tmp_path: Path) -> None:
    made: list[str] = []

    def breaks(out: Path, inputs: Mapping[str, Path], tell: Tell) -> None:
        (out / "half").write_text("half")
        raise OSError("disk full")

    parts = _parts(made)
    with pytest.raises(OSError, match="disk full"):
        make_all((*parts[:2], Part("image", "1", breaks, needs=("program", "layer"))), _workshop(tmp_path))
    assert sorted(path.name.split("-")[0] for path in tmp_path.iterdir()) == ["layer", "program"]
    made.clear()
    make_all(parts, _workshop(tmp_path))
    assert made == ["image+"]


def test_the_watcher_sees_what_is_made_and_what_was_there(tmp_path: Path) -> None:
    events: list[Event] = []
    make_all(_parts([])[:1], _workshop(tmp_path, events))
    make_all(_parts([])[:1], _workshop(tmp_path, events))
    assert events[0] == PartStarted("program", 1, 1)
    assert events[1] == PartProgress("program", "working")
    assert [event.cached for event in events if isinstance(event, PartReady)] == [False, True]


def test_a_part_before_its_needs_is_refused() -> None:
    with pytest.raises(KeyError, match="program"):
        keys_of(tuple(reversed(_parts([]))), "amd64")


def test_what_a_killed_build_left_is_swept_and_finished_parts_are_kept(tmp_path: Path) -> None:
    make_all(_parts([])[:1], _workshop(tmp_path))
    (tmp_path / ".draft-layer-x1").mkdir()
    Store(tmp_path).sweep()
    assert [path.name.split("-")[0] for path in tmp_path.iterdir()] == ["program"]
