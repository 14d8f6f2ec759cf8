"""What containerd holds, asked with as little as tells it."""

import subprocess
from pathlib import Path

import pytest

from bootstrap.facts.containerd import Image, images
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Output
from tests.unit.programs import put

DIGEST = "sha256:" + "a" * 64
WANTED = {"registry.k8s.io/pause:3.10.2": DIGEST, "registry.k8s.io/etcd:3.6.8-0": None}
TABLE = f"""\
REF TYPE DIGEST SIZE PLATFORMS LABELS
registry.k8s.io/pause:3.10.2 manifest {DIGEST} 1 MiB linux/amd64 io.cri-containerd.pinned=pinned
"""


@pytest.fixture
def ctr(tmp_path: Path) -> Path:
    """A `ctr` that keeps its filters and lists the names of the file `names`, the table when not asked for names."""
    (tmp_path / "table").write_text(TABLE)
    put(
        tmp_path,
        "ctr",
        f'case "$*" in *" -q "*) shift 7; printf "%s\\n" "$@" >{tmp_path}/filters; cat {tmp_path}/names ;; '
        f"*) cat {tmp_path}/table ;; esac",
    )
    return tmp_path


def asked(ctr: Path) -> Answer[dict[str, Image]]:
    fact = images(WANTED)
    script = fact.script.replace("-S /run/containerd/containerd.sock", f"-d {ctr}")
    path = f"{ctr}:/usr/bin:/bin"
    done = subprocess.run(["sh", "-c", script], env={"PATH": path}, text=True, capture_output=True, check=False)
    return fact.read(Output(done.returncode, done.stdout, done.stderr))


def test_where_every_image_is_as_wanted_their_names_are_enough(ctr: Path) -> None:
    (ctr / "names").write_text("".join(f"{name}\n" for name in WANTED))
    assert asked(ctr) == Known({name: Image(name, digest or "", pinned=True) for name, digest in WANTED.items()})
    assert (ctr / "filters").read_text().splitlines() == [
        f'name=="registry.k8s.io/pause:3.10.2",target.digest=="{DIGEST}",labels."io.cri-containerd.pinned"=="pinned"',
        'name=="registry.k8s.io/etcd:3.6.8-0",labels."io.cri-containerd.pinned"=="pinned"',
    ]


@pytest.mark.parametrize("names", ["", "registry.k8s.io/pause:3.10.2\n"])
def test_where_one_is_not_the_table_tells_what_there_is(ctr: Path, names: str) -> None:
    (ctr / "names").write_text(names)
    name = "registry.k8s.io/pause:3.10.2"
    assert asked(ctr) == Known({name: Image(name, DIGEST, pinned=True)})
