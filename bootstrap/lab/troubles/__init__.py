"""The troubles that a lab can be born with (`kboot lab up --with NAME`), one file each."""

from collections.abc import Iterable

from bootstrap.lab.troubles.busy_apt import BUSY_APT
from bootstrap.lab.troubles.docker_io import DOCKER_IO
from bootstrap.lab.troubles.firewalld import FIREWALLD
from bootstrap.lab.troubles.full_disk import FULL_DISK
from bootstrap.lab.troubles.iptables_drop import IPTABLES_DROP
from bootstrap.lab.troubles.nat_nic import NAT_NIC
from bootstrap.lab.troubles.nftables_drop import NFTABLES_DROP
from bootstrap.lab.troubles.old_cluster import OLD_CLUSTER
from bootstrap.lab.troubles.slow_disk import SLOW_DISK
from bootstrap.lab.troubles.swap import SWAP
from bootstrap.lab.troubles.trouble import Trouble
from bootstrap.lab.troubles.ufw import UFW
from bootstrap.lab.troubles.wrong_hostname import WRONG_HOSTNAME
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

TROUBLES: tuple[Trouble, ...] = (
    BUSY_APT,
    DOCKER_IO,
    FIREWALLD,
    FULL_DISK,
    IPTABLES_DROP,
    NAT_NIC,
    NFTABLES_DROP,
    OLD_CLUSTER,
    SLOW_DISK,
    SWAP,
    UFW,
    WRONG_HOSTNAME,
)
NAMES = tuple(trouble.name for trouble in TROUBLES)


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the registry's order, so that the same wish is the same lab; raises KB1320."""
    asked = set(names)
    for name in sorted(asked - set(NAMES)):
        raise _refused(f"this kboot knows no trouble {name!r}", f"it knows {', '.join(NAMES)}")
    chosen = [trouble for trouble in TROUBLES if trouble.name in asked]
    for trouble in chosen:
        for other in sorted(asked & set(trouble.excludes)):
            raise _refused(f"no host can have both {trouble.name} and {other}", "leave one of the two out")
    return tuple(trouble.name for trouble in chosen)


def chosen_troubles(names: Iterable[str]) -> tuple[Trouble, ...]:
    """The troubles of these names; raises KB1320."""
    kept = ordered(names)
    return tuple(trouble for trouble in TROUBLES if trouble.name in kept)


def _refused(problem: str, advice: str) -> KbootError:
    return KbootError(
        Code.LAB_TROUBLE_REFUSED,
        problem,
        advice=f"{advice}; `kboot lab troubles` tells about each",
        exit_code=ExitCode.USAGE,
    )
