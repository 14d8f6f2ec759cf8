"""containerd: its running process and its images."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output

CONFIG = "/etc/containerd/config.toml"
CONFIG_DROP_INS = "/etc/containerd/conf.d"
STARTED_WITH = "/run/kboot-containerd.sha256"
PINNED = "io.cri-containerd.pinned=pinned"

# One digest over the config and its imports: what a start of containerd reads.
CONFIG_DIGEST = f"cat {CONFIG} {CONFIG_DROP_INS}/*.toml 2>/dev/null | sha256sum"


@dataclass(frozen=True, slots=True)
class Daemon:
    """containerd's service: systemd's words, whether its binary was replaced, and the digests of its config.

    `cri` is its CRI's status as `ctr plugins ls` has it ("ok", "error", "" when it is not loaded), `cri_error` why.
    """

    active: str
    file_state: str
    needs_reload: bool
    binary_replaced: bool
    config_on_disk: str
    config_started_with: str
    cri: str
    cri_error: str


def _daemon(out: Output) -> Answer[Daemon]:
    values = dict(line.partition("=")[::2] for line in out.stdout.splitlines())
    if values["LoadState"] != "loaded":
        return Absent("there is no containerd.service")
    return Known(
        Daemon(
            active=values["ActiveState"],
            file_state=values["UnitFileState"],
            needs_reload=values["NeedDaemonReload"] == "yes",
            binary_replaced=values["exe"].endswith(" (deleted)"),
            config_on_disk=values["disk"].split()[0],
            config_started_with=values["started"].split(" ")[0],
            cri=values["cri"],
            cri_error=values["cri_error"],
        )
    )


_DAEMON = f"""\
set -e
properties=$(systemctl show -p LoadState,ActiveState,UnitFileState,NeedDaemonReload,MainPID containerd)
echo "$properties"
pid=${{properties##*MainPID=}}; pid=${{pid%%[!0-9]*}}
echo "exe=$(readlink /proc/$pid/exe || true)"
echo "disk=$({CONFIG_DIGEST})"
started=; [ ! -r {STARTED_WITH} ] || read -r started <{STARTED_WITH} || true
echo "started=$started"
cri= why=
case $properties in *ActiveState=active*)
    cri=$(ctr plugins ls 2>/dev/null | while read -r _ id _ state _; do [ "$id" != cri ] || echo "$state"; done)
    [ "$cri" = ok ] || why=$(ctr plugins ls -d id==cri 2>/dev/null | sed -n 's/^ *Message: *//p' | head -n 1 || true)
esac
echo "cri=$cri"
echo "cri_error=$why"
"""
DAEMON: Fact[Daemon] = Fact(
    "containerd-daemon",
    _DAEMON,
    _daemon,
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image as containerd keeps it for the kubelet."""

    reference: str
    digest: str
    pinned: bool


_DIGEST = re.compile(r"\bsha256:[0-9a-f]{64}\b")
_ALL = "all"


def images(wanted: Mapping[str, str | None]) -> Fact[dict[str, Image]]:
    """The images that containerd keeps for the kubelet, by name. `wanted`: names with their digests, None for any.

    Where all that are wanted are there and pinned the answer is those alone: to list names costs `ctr` a quarter of
    what the whole table does, for which it reads the manifest of each (containerd, cmd/ctr/commands/images/images.go;
    fields that filters know: core/metadata/adaptors.go). `ctr` asks containerd directly, without crictl, which a closed
    machine lacks; the namespace k8s.io is the CRI's. The CRI's second entry of each image, its id (sha256:..., no
    slash), is left out.
    """
    return Fact("images", _images_script(wanted), partial(_images, wanted), answers=frozenset({0, ABSENT_CODE}))


def _images_script(wanted: Mapping[str, str | None]) -> str:
    filters = " ".join(shlex.quote(_filter(reference, digest)) for reference, digest in wanted.items())
    return f"""\
command -v ctr >/dev/null && [ -S /run/containerd/containerd.sock ] || exit {ABSENT_CODE}
images() {{ ctr --connect-timeout 4s -n k8s.io images ls "$@"; }}
set -- $(images -q {filters} 2>/dev/null)
[ $# -ne {len(wanted)} ] || {{ echo {_ALL}; exit; }}
images 'name~="/"'"""


def _filter(reference: str, digest: str | None) -> str:
    label, _, value = PINNED.partition("=")
    fields = {"name": reference, "target.digest": digest, f'labels."{label}"': value}
    return ",".join(f'{field}=="{wanted}"' for field, wanted in fields.items() if wanted)


def _images(wanted: Mapping[str, str | None], out: Output) -> Answer[dict[str, Image]]:
    if out.exit_code == ABSENT_CODE:
        return Absent("containerd does not serve")
    heading, *lines = out.stdout.splitlines()
    if heading == _ALL:
        return Known({reference: Image(reference, digest or "", True) for reference, digest in wanted.items()})
    found = {}
    for line in lines:
        reference = line.split()[0]
        digest = _DIGEST.search(line.removeprefix(reference))
        found[reference] = Image(reference, digest[0] if digest else "", PINNED in line)
    return Known(found)
