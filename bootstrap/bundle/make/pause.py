"""The pause program, from the C source that the kubernetes module carries."""

import shutil
from pathlib import Path

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.golang import Module, download


def compile_pause(kubernetes: Module, version: str, out: Path) -> None:
    """Leave `pause` and LICENSE in `out`. Flags as in upstream's build/pause/Makefile."""
    upstream = download(kubernetes).folder
    source = upstream / "build" / "pause" / "linux" / "pause.c"
    flags = ["-Os", "-Wall", "-static", "-s", f"-DVERSION=v{version}-kboot", f"-ffile-prefix-map={upstream}=."]
    output_of(["gcc", *flags, "-o", str(out / "pause"), str(source)])
    shutil.copyfile(upstream / "LICENSE", out / "LICENSE")
