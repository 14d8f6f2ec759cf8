"""The module that requires what is built."""

from pathlib import Path

import pytest

from bootstrap.bundle.make import golang
from bootstrap.bundle.make.components import kubernetes
from bootstrap.bundle.make.golang import Build, Module
from bootstrap.bundle.make.upstream import check_table
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.tables.versions import VERSIONS
from tests.unit.programs import put

KUBERNETES_GO_MOD = """\
module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
\tk8s.io/api v0.0.0
\tk8s.io/utils v0.0.0-20260210185600-b8788abfbbc2
\tk8s.io/kubelet v0.0.0
\tgithub.com/spf13/cobra v1.9.1
)
"""


def _lines(build: Build, tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "go.mod").write_text(text)
    return golang._go_mod(build, tmp_path / "go.mod").splitlines()


def test_exactly_the_staging_modules_are_replaced(tmp_path: Path) -> None:
    lines = _lines(kubernetes(VERSIONS["1.36.3"]), tmp_path, KUBERNETES_GO_MOD)
    assert [line for line in lines if line.startswith("replace")] == [
        "replace k8s.io/api => k8s.io/api v0.36.3",
        "replace k8s.io/kubelet => k8s.io/kubelet v0.36.3",
    ]


def test_go_version_and_debug_settings_are_upstreams(tmp_path: Path) -> None:
    lines = _lines(kubernetes(VERSIONS["1.36.3"]), tmp_path, KUBERNETES_GO_MOD)
    assert {"go 1.26.0", "godebug default=go1.26", "require k8s.io/kubernetes v1.36.3"} <= set(lines)


def test_a_module_without_staging_replaces_nothing(tmp_path: Path) -> None:
    build = Build("x", (Module("example.invalid/x", "v1.0.0"),), ("example.invalid/x",))
    lines = _lines(build, tmp_path, "module example.invalid/x\n\ngo 1.24.0\n")
    assert lines == ["module kboot.invalid/bundle", "go 1.24.0", "require example.invalid/x v1.0.0"]


@pytest.mark.parametrize("found", ["go1.25.9", "go1.9", "devel", "none"])
def test_an_old_or_missing_go_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None if found == "none" else "go")
    monkeypatch.setattr(golang, "output_of", lambda *_args, **_given: found + "\n")
    with pytest.raises(KbootError) as caught:
        golang.require_go()
    assert caught.value.code == Code.BUNDLE_TOOL_MISSING
    assert found in caught.value.problem


@pytest.mark.parametrize("found", ["go1.26.0", "go1.26.8", "go1.27rc1", "go2.0"])
def test_a_new_enough_go_is_taken(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "go")
    monkeypatch.setattr(golang, "output_of", lambda *_args, **_given: found + "\n")
    assert golang.require_go() == found


def _module(tmp_path: Path, pause: str) -> Path:
    constants = tmp_path / "cmd/kubeadm/app/constants/constants.go"
    constants.parent.mkdir(parents=True)
    constants.write_text(
        f'\tDefaultEtcdVersion = "3.6.8-0"\n\tCoreDNSVersion = "v1.14.2"\n\tPauseVersion = "{pause}"\n'
    )
    (tmp_path / "test/images/agnhost").mkdir(parents=True)
    (tmp_path / "test/images/agnhost/VERSION").write_text("2.63.0\n")
    return tmp_path


def test_a_table_that_agrees_with_the_module_passes(tmp_path: Path) -> None:
    check_table(VERSIONS["1.36.3"], _module(tmp_path, "3.10.2"))


def test_a_table_that_differs_from_the_module_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(KbootError, match="other image versions") as caught:
        check_table(VERSIONS["1.36.3"], _module(tmp_path, "3.11"))
    assert caught.value.code == Code.BUNDLE_UPSTREAM_DIFFERS


def test_a_long_compilation_gives_a_sign_of_life(tmp_path: Path, programs: Path) -> None:
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    for name in ("LICENSE", "go.mod"):
        (upstream / name).write_text("go 1.26.0\n")
    (upstream / "info").write_text("{}")
    answer = f'{{"Dir": "{upstream}", "Info": "{upstream}/info"}}'
    put(programs, "go", f"case $1 in mod) echo '{answer}';; build) touch go.sum; seq 85;; esac")
    out = tmp_path / "out"
    out.mkdir()
    told: list[str] = []
    build = Build("x", (Module("example.invalid/x", "v1.0.0"),), ("example.invalid/x",))
    golang.compile_programs(build, out, told.append)
    assert told == ["40 packages", "80 packages"]
    assert [path.name for path in out.iterdir()] == ["LICENSE"], "the scaffold is gone"
