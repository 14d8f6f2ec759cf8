"""`kboot test`: which stages run in which order, and what ends it. The stages are programs that take no time."""

from pathlib import Path

import pytest

from bootstrap import environment
from bootstrap.cli import test as module
from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import kboot
from bootstrap.cli.test import Stage

STAGES = (
    Stage("lint", ("touch", "linted")),
    Stage("hosts", ("sh", "-c", "exit 7"), needs_root=True),
    Stage("cluster", ("touch", "clustered"), needs_root=True),
    Stage("bench", ("touch", "measured"), needs_root=True, apart=True),
)


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout with these stages, and root's machine with every tool."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    monkeypatch.setattr(environment, "CHECKOUT", folder)
    monkeypatch.setattr(module, "stages", lambda _bundle, _draw: STAGES)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name, path="": f"{path}/usr/bin/{name}")
    monkeypatch.setattr(environment, "apt_install", lambda *packages: (folder / "installed").write_text(str(packages)))
    return folder


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Stage]:
    """The real stages that a command line would run, by name."""
    found: dict[str, Stage] = {}

    def walk(stages: list[Stage]) -> int:
        found.update({stage.name: stage for stage in stages})
        return 0

    monkeypatch.setattr(module, "_require_root_tools", lambda: None)
    monkeypatch.setattr(module, "_walk", walk)
    return found


def ran(checkout: Path) -> set[str]:
    return {path.name for path in checkout.iterdir()} & {"linted", "clustered", "measured"}


def test_quick_runs_what_needs_neither_root_nor_hosts(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert guarded(kboot, ["test", "--quick"]) == 0
    assert ran(checkout) == {"linted"}
    assert capsys.readouterr().err.splitlines()[-1].endswith("; not run: hosts, cluster, bench")


def test_the_first_failure_ends_it_with_its_exit_code(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["test"]) == 7
    assert ran(checkout) == {"linted"}
    assert "test: hosts failed (exit code 7); lint 0 s, hosts 0 s" in capsys.readouterr().err


def test_what_is_apart_runs_only_when_it_is_named(checkout: Path) -> None:
    assert guarded(kboot, ["test", "--only", "bench", "--only", "cluster"]) == 0
    assert ran(checkout) == {"clustered", "measured"}


def test_a_stage_that_there_is_not_runs_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["test", "--only", "lint", "--only", "units"]) == 2
    assert "no such stage: units" in capsys.readouterr().err
    assert not ran(checkout)


def test_without_root_it_says_what_can_be_run(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert guarded(kboot, ["test"]) == 2
    assert "--quick" in capsys.readouterr().err
    assert not ran(checkout)


def test_tools_that_are_missing_are_installed_first(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # tmux is a test's own, ip and gpg are the lab's, zstd is the bundle's; unit tests start the last two.
    monkeypatch.setattr("shutil.which", lambda name, path="": None if name in {"tmux", "ip", "gpg", "zstd"} else path)
    assert guarded(kboot, ["test", "--only", "cluster"]) == 0
    installed = (checkout / "installed").read_text().strip("()").replace("'", "").split(", ")
    assert {"gnupg", "iproute2", "tmux", "zstd"} <= set(installed)
    assert len(set(installed)) == len(installed)


def test_an_installed_kboot_has_no_tests(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "pyproject.toml").unlink()
    assert guarded(kboot, ["test", "--quick"]) == 2
    assert "come with a checkout" in capsys.readouterr().err


def test_every_stage_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["test", "--help"]) == 0
    words = capsys.readouterr().out.replace(";", " ").replace(".", " ").split()
    assert {stage.name for stage in module.stages("build", ())} <= set(words)


def test_a_bundle_that_is_there_is_verified_and_not_built(chosen: dict[str, Stage]) -> None:
    assert guarded(kboot, ["test", "--bundle", "/some/bundle"]) == 0
    assert list(chosen) == ["lint", "types", "unit", "ssh", "terminal", "bundle", "lab", "cluster"]
    assert chosen["bundle"].argv[-3:] == ("bundle", "verify", "/some/bundle")
    assert chosen["cluster"].argv[-2:] == ("--bundle", "/some/bundle")


@pytest.mark.parametrize(
    ("said", "words"), [([], ()), (["--all"], ("--all-scenarios",)), (["--seed", "0"], ("--draw-seed", "0"))]
)
def test_what_is_drawn_is_what_was_asked_for(chosen: dict[str, Stage], said: list[str], words: tuple[str, ...]) -> None:
    assert guarded(kboot, ["test", *said]) == 0
    assert chosen["bundle"].argv[-2:] == ("bundle", "build")
    for name in ("lab", "cluster"):
        drawn = tuple(word for word in chosen[name].argv if word in {"--all-scenarios", "--draw-seed", "0"})
        assert drawn == words
