"""Container runtimes of somebody else's: what runs in them, and what needs their packages."""

from dataclasses import dataclass

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

# Packages that containerd.io says it cannot be installed beside (docker/containerd-packaging, debian/control), and
# Debian's docker.io, which depends on both; the last two are theirs under another name, which Ubuntu 26.04 has besides
# (its release notes, "Container stacks").
RIVALS = ("docker.io", "containerd", "runc", "containerd-stable", "runc-stable")


@dataclass(frozen=True, slots=True)
class Container:
    """A container that runs; `namespace` is containerd's (moby: Docker, k8s.io: the CRI), `name` Docker's own or ""."""

    namespace: str
    id: str
    name: str

    @property
    def shown(self) -> str:
        """As its owner knows it."""
        return self.name or f"{self.id[:12]} (containerd's namespace {self.namespace})"


@dataclass(frozen=True, slots=True)
class RivalsInUse:
    """Who would miss the rivals: containers that run now, and other packages that depend on theirs."""

    containers: tuple[Container, ...]
    needed_by: tuple[str, ...]


def _in_use(out: Output) -> Answer[RivalsInUse]:
    containers, needed_by = [], []
    for line in out.stdout.splitlines():
        kind, *words = line.split()
        if kind == "container":
            containers.append(Container(words[0], words[1], " ".join(words[2:])))
        elif kind == "needed-by":
            needed_by.append(words[0])
    return Known(RivalsInUse(tuple(containers), tuple(needed_by)))


# Prints "container NAMESPACE ID [NAME]" for each one. Every container has a shim that outlives dockerd and containerd,
# so the shims tell whether those two run or not; asking dockerd would start it (docker.socket). Docker keeps a
# container's name beside its log. The shim of containerd before 1.2 says the id in its working directory alone.
CONTAINERS_SCRIPT = r"""
for comm in /proc/[0-9]*/comm; do
    read -r name 2>/dev/null <"$comm" || continue
    case $name in containerd-shim*) ;; *) continue ;; esac
    set -- $(tr '\0' ' ' 2>/dev/null <"${comm%comm}cmdline")
    space= id=
    while [ $# -gt 1 ]; do
        case $1 in
            -namespace) space=$2 ;;
            -id) id=$2 ;;
            -workdir) id=${2##*/} ;;
        esac
        shift
    done
    [ -n "$space" ] && [ -n "$id" ] || continue
    name= config="/var/lib/docker/containers/$id/config.v2.json"
    [ ! -r "$config" ] || name=$(sed -n 's/.*"Name":"\/\([^"]*\)".*/\1/p' "$config")
    echo "container $space $id $name"
done | sort -u
"""
# Nobody can miss what is not there. `dpkg --no-act` only reads, and says what else it would leave without what it
# depends on.
_IN_USE = rf"""
there=
for package in {" ".join(RIVALS)}; do
    [ ! -e "/var/lib/dpkg/info/$package.list" ] || there="$there $package"
done
[ "$there" ] || exit 0
{CONTAINERS_SCRIPT}
dpkg --no-act --remove $there 2>&1 | sed -n 's/^ \([^ ]*\) \(pre-\)*depends on .*/needed-by \1/p' | sort -u
"""
RIVALS_IN_USE: Fact[RivalsInUse] = Fact("runtime-rivals-in-use", _IN_USE, _in_use)
