"""Programs built from Go modules, by an ordinary `go build` in a module that only requires them."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.command import follow, output_of
from bootstrap.bundle.make.progress import Tell
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

MINIMUM_GO = (1, 26)
_LINES_PER_NOTE = 40


@dataclass(frozen=True)
class Module:
    """A module at a version, such as k8s.io/kubernetes at v1.36.3."""

    path: str
    version: str

    def __str__(self) -> str:
        return f"{self.path}@{self.version}"


@dataclass(frozen=True)
class Build:
    """Programs that come out of one module. `packages` are import paths of commands, `variables` linker -X settings.

    `also` are modules required at a version other than the one asked for; `staging` is the version of every
    `k8s.io/* v0.0.0` that Kubernetes requires of itself. {date} in a variable is the commit date of the module.
    `static_c` links cgo programs statically, so that they run on any release's libc.
    """

    name: str
    modules: tuple[Module, ...]
    packages: tuple[str, ...]
    licence: str = "Apache-2.0"
    variables: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    static_c: bool = False
    also: tuple[Module, ...] = ()
    staging: str | None = None

    @property
    def source(self) -> str:
        """The main module, as the lock names it."""
        return str(self.modules[0])


@dataclass(frozen=True)
class Download:
    """A module on this machine."""

    folder: Path
    committed: str


def require_go() -> str:
    """Version of `go`; raises KB1206 when it is missing or older than 1.26, which Kubernetes 1.36 asks for."""
    found = output_of(["go", "env", "GOVERSION"], timeout_s=30).strip() if shutil.which("go") else "none"
    numbers = re.match(r"go(\d+)\.(\d+)", found)
    if not numbers or (int(numbers[1]), int(numbers[2])) < MINIMUM_GO:
        raise KbootError(
            Code.BUNDLE_TOOL_MISSING,
            f"building a bundle needs Go 1.26 or newer on PATH, found: {found}",
            where="this machine",
            advice="install Go (https://go.dev/dl) and run the same command again",
        )
    return found


def download(module: Module) -> Download:
    """Fetch a module into Go's own cache, checked against the checksum database; no network when it is there."""
    answer = json.loads(output_of(["go", "mod", "download", "-json", str(module)], cwd=Path("/"), timeout_s=900))
    return Download(Path(answer["Dir"]), json.loads(Path(answer["Info"]).read_text()).get("Time", ""))


def compile_programs(build: Build, out: Path, tell: Tell) -> None:
    """Leave the programs of `build` in `out`, and each module's licence text as LICENSE."""
    upstream = download(build.modules[0])
    (out / "go.mod").write_text(_go_mod(build, upstream.folder / "go.mod"))
    shutil.copyfile(upstream.folder / "LICENSE", out / "LICENSE")
    count = 0

    def on_line(_line: str) -> None:
        nonlocal count
        count += 1
        if count % _LINES_PER_NOTE == 0:
            tell(f"{count} packages")

    follow(_go_build(build, upstream, out), on_line, cwd=out, env=_environment(build))
    for scaffold in ("go.mod", "go.sum"):
        (out / scaffold).unlink()


def _go_build(build: Build, upstream: Download, out: Path) -> list[str]:
    linked = ["-s", "-w", *(f"-X={key}={value.format(date=upstream.committed)}" for key, value in build.variables)]
    if build.static_c:
        linked += ["-linkmode=external", "-extldflags=-static"]
    # -mod=mod completes go.mod with what the packages need: `go mod tidy` would also fetch what only tests need.
    flags = ["-mod=mod", "-trimpath", "-buildvcs=false", "-v", f"-tags={','.join(build.tags)}"]
    return ["nice", "go", "build", *flags, f"-ldflags={' '.join(linked)}", "-o", f"{out}/", *build.packages]


def _environment(build: Build) -> Mapping[str, str]:
    return {"CGO_ENABLED": "1" if build.static_c else "0", "GOFLAGS": "", "GOWORK": "off"}


def _go_mod(build: Build, upstream_go_mod: Path) -> str:
    text = upstream_go_mod.read_text()
    # The main module alone decides godebug settings; upstream's own are what upstream's binaries have.
    debug = re.findall(r"^godebug [^(\n]+$", text, re.MULTILINE)
    go_line = re.findall(r"^go \S+$", text, re.MULTILINE)
    requires = [f"require {module.path} {module.version}" for module in (*build.modules, *build.also)]
    replaces = [f"replace {name} => {name} v{build.staging}" for name in _staging(text)] if build.staging else []
    return "\n".join(["module kboot.invalid/bundle", *go_line, *debug, *requires, *replaces, ""])


def _staging(go_mod: str) -> list[str]:
    return sorted(set(re.findall(r"^\s+(k8s\.io/\S+) v0\.0\.0$", go_mod, re.MULTILINE)))
