"""A bundle is put into its place whole, or not at all."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make import build as module
from bootstrap.bundle.make.build import build, building, finished
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.progress import Event, Note, silent
from bootstrap.bundle.make.recipe import recipe_digest
from bootstrap.bundle.make.signing import SigningKey
from bootstrap.bundle.signature import SIGNATURE_NAME
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.lock import BundleLock
from bootstrap.model.tables.systems import RELEASES, Release
from bootstrap.model.tables.versions import VERSIONS
from tests.unit.bundle.conftest import CONTENT


@pytest.fixture
def order(tmp_path: Path) -> Order:
    bookworm = Release("debian", "12", "bookworm")
    return Order((VERSIONS["1.36.3"],), "amd64", (bookworm,), bookworm, (), tmp_path / "out" / "bundle")


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lock: BundleLock) -> list[BundleLock]:
    """Every part is made in no time, and `assemble` writes the small bundle of the other tests."""
    locks = [lock]

    def assemble(order: Order, _made: object, _key: object, draft: Path) -> BundleLock:
        for path, content in CONTENT.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_bytes(content)
        written = locks[0].model_copy(update={"recipe": recipe_digest(order), "built": date(2026, 11, 22)})
        (draft / LOCK_NAME).write_text(written.to_yaml())
        return written

    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(module, "install_missing", lambda _observer: None)
    monkeypatch.setattr(module, "require_go", lambda: "go1.26.8")
    monkeypatch.setattr(module, "make_all", lambda _parts, _workshop: {})
    monkeypatch.setattr(SigningKey, "at", classmethod(lambda cls, home: cls(home, "A" * 40)))
    monkeypatch.setattr(module, "assemble", assemble)
    return locks


def test_a_built_bundle_is_whole_and_finished(order: Order, workshop: list[BundleLock]) -> None:
    assert finished(order) is None
    built = build(order, silent)
    assert finished(order) == built
    assert [path.name for path in order.output.parent.iterdir()] == ["bundle"]


def test_another_recipe_or_a_changed_size_is_not_finished(order: Order, workshop: list[BundleLock]) -> None:
    build(order, silent)
    assert finished(replace(order, architecture="arm64")) is None
    (order.output / "images/pause-3.10.2.tar").write_bytes(b"")
    assert finished(order) is None


def test_a_new_build_takes_the_place_of_the_old_bundle(order: Order, workshop: list[BundleLock]) -> None:
    build(order, silent)
    (order.output / "images/pause-3.10.2.tar").write_bytes(b"")
    build(order, silent)
    assert finished(order) is not None
    assert [path.name for path in order.output.parent.iterdir()] == ["bundle"]


@pytest.mark.parametrize(
    ("versions", "releases", "lost"),
    [
        (("1.36.3",), ("bookworm",), ""),
        (("1.36.3", "1.35.4"), ("bookworm", "trixie"), ""),
        (("1.35.4",), ("bookworm",), "Kubernetes 1.36.3"),
        (("1.36.3",), ("trixie",), "packages of bookworm"),
        (("1.35.4",), ("trixie",), "Kubernetes 1.36.3 and packages of bookworm"),
    ],
)
def test_what_only_the_bundle_of_before_holds_is_told_before_it_is_replaced(
    order: Order, workshop: list[BundleLock], versions: tuple[str, ...], releases: tuple[str, ...], lost: str
) -> None:
    build(order, silent)
    wanted = tuple(one for one in RELEASES if one.codename in releases)
    told: list[Event] = []
    build(replace(order, versions=tuple(VERSIONS[one] for one in versions), releases=wanted), told.append)
    replacing = [event.text for event in told if isinstance(event, Note) and "replacing" in event.text]
    assert replacing == [f"replacing the bundle in {order.output}, which also holds {lost}"] * bool(lost)


def test_who_waits_is_told_that_it_may_be_for_the_question_of_a_prune(tmp_path: Path) -> None:
    told: list[Event] = []

    def observer(event: Event) -> None:
        told.append(event)
        holder.release()

    holder = FileLock(tmp_path / "build.lock")
    holder.acquire()
    with building(tmp_path / "build.lock", observer):
        pass
    assert told == [Note("another `bundle build` or `bundle prune` is at work on this machine: waiting for it")]


def test_a_bundle_with_a_file_of_somebodys_in_it_is_left_alone(order: Order, workshop: list[BundleLock]) -> None:
    build(order, silent)
    (order.output / "thesis.tex").write_text("years of work")
    told: list[Event] = []
    with pytest.raises(KbootError, match="KB1210"):
        build(replace(order, versions=(VERSIONS["1.35.4"],)), told.append)
    assert told == []
    assert (order.output / "thesis.tex").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(order: Order, workshop: list[BundleLock]) -> None:
    order.output.mkdir(parents=True)
    (order.output / "thesis.tex").write_text("years of work")
    with pytest.raises(KbootError) as caught:
        build(order, silent)
    assert caught.value.code == Code.BUNDLE_OUTPUT_TAKEN
    assert (order.output / "thesis.tex").read_text() == "years of work"


def test_a_bundle_that_does_not_verify_never_reaches_its_place(order: Order, workshop: list[BundleLock]) -> None:
    build(order, silent)
    before = Bundle.open(order.output).lock
    workshop[0] = workshop[0].model_copy(update={"files": workshop[0].files[:-1]})
    with pytest.raises(KbootError) as caught:
        build(order, silent)
    assert caught.value.code == Code.BUNDLE_NOT_WHOLE
    assert Bundle.open(order.output).lock == before
    assert [path.name for path in order.output.parent.iterdir()] == ["bundle"]


def test_what_a_killed_build_left_beside_the_place_is_removed(order: Order, workshop: list[BundleLock]) -> None:
    left = order.output.parent / ".bundle.kboot-draft-x1"
    left.mkdir(parents=True)
    build(order, silent)
    assert not left.exists()


def test_a_bundle_without_its_signature_is_built_anew_and_never_signed_as_it_is(
    order: Order, workshop: list[BundleLock]
) -> None:
    whole = build(order, silent)
    (order.output / SIGNATURE_NAME).unlink()
    (order.output / "images/pause-3.10.2.tar").write_bytes(b"a forgery")
    assert finished(order) is None
    assert build(order, silent) == whole
    assert (order.output / "images/pause-3.10.2.tar").read_bytes() == b"an image"


@pytest.mark.parametrize("name", [LOCK_NAME, SIGNATURE_NAME])
def test_a_bundle_with_an_altered_lock_or_signature_is_built_anew(
    order: Order, workshop: list[BundleLock], name: str
) -> None:
    whole = build(order, silent)
    path = order.output / name
    path.write_bytes(path.read_bytes().replace(b"2", b"3", 1))
    assert finished(order) is None
    assert build(order, silent) == whole
