"""The environment maker: standard library only, one folder per version of pyproject.toml, nothing half-made is used."""

import ast
import os
import re
import sys
from pathlib import Path

import pytest

from bootstrap import environment


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for the process that would start next stays in the test."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def test_it_imports_nothing_outside_the_standard_library() -> None:
    for name in ("environment.py", "__main__.py", "__init__.py"):
        tree = ast.parse((environment.CHECKOUT / "bootstrap" / name).read_text())
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        roots = {
            (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
            for node in top
            for alias in node.names
        }
        assert roots <= set(sys.stdlib_module_names), name


def test_the_cache_follows_xdg_cache_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert environment.cache_folder() == tmp_path / "kboot"


def test_inside_its_own_environment_it_goes_on_without_starting_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment.INSIDE, sys.prefix)
    environment.enter(["version"])


def test_an_installed_package_needs_no_environment_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(environment.INSIDE, raising=False)
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    monkeypatch.setattr(environment, "_made", lambda: pytest.fail("an environment was made"))
    environment.enter(["version"])


def test_bytecode_is_kept_outside_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(environment.INSIDE, raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.setattr(environment, "_made", lambda: tmp_path)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    environment.enter(["version"])
    assert os.environ["PYTHONPYCACHEPREFIX"] == str(tmp_path / "bytecode")
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


def test_an_environment_without_its_completion_mark_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(environment.INSIDE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ran: list[list[str]] = []
    monkeypatch.setattr(environment, "_run", lambda argv, _environment=None: ran.append(argv))
    half = environment._folder()
    (half / "bin").mkdir(parents=True)
    half.joinpath("bin", "left").touch()

    def made(*_: object) -> None:
        half.mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "_require_venv", made)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    environment.enter(["version"])
    assert [argv[1:3] for argv in ran] == [["-m", "venv"], ["-m", "pip"]]
    assert (half / "complete").exists()
    assert not (half / "bin" / "left").exists()


def test_an_environment_that_is_whole_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(environment.INSIDE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(environment, "_run", lambda *_: pytest.fail("something was installed"))
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _python, argv: started.append(argv))
    folder = environment._folder()
    folder.mkdir(parents=True)
    (folder / "complete").touch()
    environment.enter(["plan", "up"])
    assert started == [[str(folder / "bin/python"), "-m", "bootstrap", "plan", "up"]]


def test_it_has_what_kboot_needs_and_its_tests_too() -> None:
    names = {re.split(r"[\[<>=]", one)[0] for one in environment._requirements()}
    assert {"click", "fabric", "pydantic", "pytest", "ruff"} <= names


@pytest.mark.parametrize("user", [0, 1000])
def test_a_python_without_venv_is_completed_by_root_and_told_to_others(
    user: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(environment, "_run", lambda argv, _environment: ran.append(argv))
    if user:
        with pytest.raises(environment.SetUpError, match="sudo apt-get install python3-venv"):
            environment._require_venv()
        assert not ran
    else:
        environment._require_venv()
        assert [argv[1] for argv in ran] == ["update", "install"]
        assert ran[1][-1] == "python3-venv"


def test_an_installer_that_is_not_there_is_told_by_its_name() -> None:
    with pytest.raises(environment.SetUpError, match="no-such-program-of-kboot: "):
        environment._run(["no-such-program-of-kboot"])


def test_a_failing_installer_is_told_with_its_last_lines() -> None:
    with pytest.raises(environment.SetUpError, match=r"sh -c .* failed:\nno such package"):
        environment._run(["sh", "-c", "echo no such package; exit 3"])
