"""`kboot bundle` as a person meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.progress import Event, Note, Observer, PartProgress, PartReady, PartStarted
from bootstrap.cli import bundle_work, pruning
from bootstrap.cli.bundle import bundle
from bootstrap.lab import prune as lab_prune
from bootstrap.lab import state
from bootstrap.lab.spec import LabSpec
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.lock import BundleLock
from bootstrap.show.bundle_text import bundle_document
from tests.unit.bundle.conftest import lock, whole
from tests.unit.show.test_schema import problems

__all__ = ["lock", "whole"]


def test_verify_of_a_whole_bundle_says_so(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["verify", str(whole.folder)])
    assert done.exit_code == 0
    assert "1 packages, 1 images, 1 manifests" in done.output


def test_verify_names_every_file_that_is_not_as_locked_and_exits_12(whole: Bundle) -> None:
    (whole.folder / "extra").touch()
    (whole.folder / "manifests/flannel-0.28.4.yaml").unlink()
    done = CliRunner().invoke(bundle, ["verify", str(whole.folder)])
    assert isinstance(done.exception, KbootError)
    assert int(done.exception.exit_code) == 12
    assert done.exception.evidence == "missing manifests/flannel-0.28.4.yaml\nextra extra"


def test_verify_gives_its_findings_as_json_too(whole: Bundle) -> None:
    (whole.folder / "extra").touch()
    done = CliRunner().invoke(bundle, ["verify", "-o", "json", str(whole.folder)])
    document = json.loads(done.output)
    assert document["findings"] == [{"path": "extra", "problem": "extra", "detail": ""}]
    assert problems(document) == []
    assert (document["kind"], document["exitCode"]) == ("Verification", 12)
    assert document["signedBy"] == whole.signed_by


def test_a_bundle_by_another_maker_is_refused_where_the_key_is_named(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["verify", "--key", "0" * 64, str(whole.folder)])
    assert isinstance(done.exception, KbootError)
    assert done.exception.exit_code == 12
    assert f"signed by {whole.signed_by}" in done.exception.evidence


def test_list_shows_source_and_licence_of_every_file(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["list", str(whole.folder)])
    lines = [line for line in done.output.splitlines() if "<- a test  [Apache-2.0]" in line]
    assert len(lines) == len(whole.lock.files)


def test_list_says_how_large_it_is_by_kind_release_and_version(whole: Bundle) -> None:
    lines = CliRunner().invoke(bundle, ["list", str(whole.folder)]).output.splitlines()
    assert "image            1      0.0 MiB" in lines
    assert "bookworm         2      0.0 MiB" in lines
    assert "1.36.3           4      0.0 MiB      0.0 MiB" in lines


def test_list_as_json_has_the_sums_and_the_lock(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["list", "-o", "json", str(whole.folder)])
    document = json.loads(done.output)
    assert problems(document) == []
    assert type(whole.lock).model_validate(document["lock"]) == whole.lock
    assert document["byVersion"]["1.36.3"] == {
        "files": 4,
        "sizeBytes": whole.lock.size_bytes,
        "own": {"files": 0, "sizeBytes": 0},
    }


def test_list_counts_once_what_two_releases_share(lock: BundleLock) -> None:
    package = next(file for file in lock.files if file.kind == "package")
    shared = package.model_copy(update={"release": "trixie", "path": "apt/trixie/shared.deb"})
    both = lock.model_copy(update={"files": (*lock.files, shared), "releases": (*lock.releases, "trixie")})
    sums = bundle_document(both, "somewhere", "")
    assert sums["byVersion"]["1.36.3"]["sizeBytes"] == both.size_bytes == lock.size_bytes
    assert sums["byRelease"]["trixie"]["sizeBytes"] == package.size_bytes


@pytest.mark.parametrize("version", ["1.20.0", "latest"])
def test_build_of_an_unknown_version_says_which_are_known(version: str) -> None:
    done = CliRunner().invoke(bundle, ["build", "--kubernetes", version])
    assert isinstance(done.exception, KbootError)
    assert "1.36.3" in done.exception.advice


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with one part of a recipe that nobody has any more."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(state, "LABS", tmp_path / "labs")
    home = tmp_path / "kboot"
    (home / "build/etcd-0123456789abcdef").mkdir(parents=True)
    (home / "build/etcd-0123456789abcdef/server").write_bytes(b"0" * 1024 * 1024)
    return home


def test_prune_names_what_it_would_remove_and_removes_nothing_unasked(cache: Path) -> None:
    done = CliRunner().invoke(bundle, ["prune", "--no-input"])
    assert isinstance(done.exception, KbootError)
    assert int(done.exception.exit_code) == 14
    assert "1.0 MiB" in done.output
    assert "etcd-0123456789abcdef" in done.output
    assert (cache / "build/etcd-0123456789abcdef").is_dir()


def test_prune_as_json_lists_and_removes_nothing_unasked(cache: Path) -> None:
    done = CliRunner().invoke(bundle, ["prune", "-o", "json"], standalone_mode=False)
    document = json.loads(done.stdout)
    assert problems(document) == []
    assert (done.return_value, document["removed"]) == (14, False)
    assert [one["sizeBytes"] for one in document["folders"]] == [1024 * 1024]
    assert (cache / "build/etcd-0123456789abcdef").is_dir()
    document = json.loads(CliRunner().invoke(bundle, ["prune", "-o", "json", "--yes"]).stdout)
    assert document["removed"]
    assert list((cache / "build").iterdir()) == []


def test_prune_says_that_the_labs_bases_stay_and_who_removes_them(cache: Path) -> None:
    (cache / "lab/base-0123").mkdir(parents=True)
    assert "kboot lab prune" in CliRunner().invoke(bundle, ["prune", "--yes"]).stderr
    assert (cache / "lab/base-0123").is_dir()


def test_prune_removes_what_it_named_and_then_has_nothing_to_do(cache: Path) -> None:
    assert "removed 1 folder, 1.0 MiB" in CliRunner().invoke(bundle, ["prune", "--yes"]).output
    assert list((cache / "build").iterdir()) == []
    done = CliRunner().invoke(bundle, ["prune", "--no-input"])
    assert done.exit_code == 0
    assert f"nothing to remove in {cache}:" in done.output


@pytest.fixture
def surplus(cache: Path, whole: Bundle, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle in the cache that holds another version than the wanted one."""
    monkeypatch.setattr(bundle_work, "machine_architecture", lambda: "amd64")
    (cache / "bundle").mkdir()
    return whole.folder.rename(cache / "bundle/1.36.3-amd64")


PRUNE = ("prune", "--kubernetes", "1.35.4", "--release", "bookworm")


def lab_with(bundle: Path | None) -> None:
    lab = state.lab_state("mine")
    lab.folder.mkdir(parents=True)
    lab.save(LabSpec(name="mine", bundle=str(bundle) if bundle else None))


def test_prune_never_removes_the_bundle_of_a_lab(cache: Path, surplus: Path) -> None:
    lab_with(surplus)
    done = CliRunner().invoke(bundle, [*PRUNE, "--yes"])
    assert "removed 1 folder, 1.0 MiB" in done.stdout
    assert str(surplus) not in done.stdout
    assert f"{surplus} stays: the lab mine uses it" in done.stderr
    assert surplus.is_dir()


def test_prune_leaves_a_bundle_that_a_lab_took_while_the_question_stood_open(
    surplus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_screen: object, _question: str) -> bool:
        lab_with(surplus)
        return True

    monkeypatch.setattr(pruning, "confirmed", answer)
    done = CliRunner().invoke(bundle, list(PRUNE))
    assert "removed 1 folder, 1.0 MiB" in done.stdout
    assert f"{surplus} stays: the lab mine uses it" in done.stderr
    assert surplus.is_dir()


def test_prune_removes_the_bundle_that_no_lab_uses(surplus: Path) -> None:
    lab_with(None)
    assert "removed 2 folders" in CliRunner().invoke(bundle, [*PRUNE, "--yes"]).output
    assert not surplus.exists()


def test_prune_waits_for_labs_in_the_making_only_where_a_bundle_would_go(surplus: Path) -> None:
    state.lab_state("half").folder.mkdir(parents=True)
    done = CliRunner().invoke(bundle, [*PRUNE, "--yes"])
    assert isinstance(done.exception, KbootError)
    assert done.exception.code == Code.LAB_LEFTOVER
    left = surplus.with_name(f".draft-gone-{surplus.name}")
    left.mkdir()
    assert CliRunner().invoke(bundle, ["prune", "--release", "bookworm", "--yes"]).exit_code == 0
    assert surplus.is_dir()
    assert not left.exists()


def test_prune_says_once_to_who_may_not_look_that_labs_are_not_known(
    surplus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_prune, "bundles_of_labs", lambda: None)
    done = CliRunner().invoke(bundle, [*PRUNE, "--yes"])
    assert done.stderr.count("only root can see which labs") == 1
    assert "removed 2 folders" in done.stdout


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, whole: Bundle) -> list[Event]:
    """A build that tells these events and comes to the small bundle; nothing is built before."""
    events: list[Event] = []

    def build(_order: Order, observer: Observer) -> Bundle:
        for event in events:
            observer(event)
        return whole

    monkeypatch.setattr(bundle_work, "finished", lambda _order: None)
    monkeypatch.setattr(bundle_work, "build", build)
    return events


def test_a_build_tells_each_part_and_ends_with_the_folder_alone_on_stdout(built: list[Event], whole: Bundle) -> None:
    built += [
        Note("installing on this machine: gcc"),
        PartStarted("kubernetes", 1, 40),
        PartProgress("kubernetes", "40 packages"),
        PartReady("kubernetes", 61.4, False),
        PartReady("etcd", 0.0, True),
    ]
    done = CliRunner().invoke(bundle, ["build"])
    assert done.stdout == f"{whole.folder}\n"
    told = done.stderr.splitlines()
    assert told[:-1] == [
        "installing on this machine: gcc",
        "[1/40] kubernetes ...",
        "        kubernetes: 40 packages",
        "        kubernetes: ready after 61 s",
        "        etcd: from the cache",
    ]
    assert "1 packages, 1 images, 1 manifests" in told[-1]


def test_a_bundle_that_is_built_already_is_named_and_left_alone(
    built: list[Event], whole: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.append(Note("built again"))
    monkeypatch.setattr(bundle_work, "finished", lambda _order: whole)
    done = CliRunner().invoke(bundle, ["build"])
    assert "built already" in done.stderr
    assert "built again" not in done.stderr
    assert done.stdout == f"{whole.folder}\n"
