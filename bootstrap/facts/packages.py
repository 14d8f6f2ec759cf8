"""Debian packages, and who holds apt's locks."""

from dataclasses import dataclass

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output
from bootstrap.model.tables.sources import UPSTREAM_PACKAGES


@dataclass(frozen=True, slots=True)
class Package:
    """A package that dpkg knows. `state` is dpkg-query's three letters: wanted (i, h), status (i, c, F, ..), error.

    `lost` are its programs and units that are not on the disk any more, or empty; asked of our own packages alone.
    """

    name: str
    version: str
    state: str
    lost: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether it is installed and configured (status i; t and W only wait for triggers)."""
        return self.state[1:2] in "itW"

    @property
    def held(self) -> bool:
        """Whether it is held at its version."""
        return self.state.startswith("h")

    @property
    def broken(self) -> bool:
        """Whether dpkg was interrupted in it: half-installed, unpacked, half-configured, or needs reinstalling."""
        return self.state[1:2] in "HUF" or self.state[2:3] == "R"

    @property
    def torn(self) -> bool:
        """Whether its files are not all there: dpkg configures it no more, it has to be unpacked anew (dpkg(1))."""
        return self.state[1:2] == "H" or self.state[2:3] == "R"


def _packages(out: Output) -> Answer[dict[str, Package]]:
    rows = [line.split("\t") for line in out.stdout.splitlines()]
    lost: dict[str, tuple[str, ...]] = {}
    for name, path in (row for row in rows if len(row) == 2):
        lost[name] = (*lost.get(name, ()), path)
    told = (row for row in rows if len(row) == 3)
    return Known({name: Package(name, version, state, lost.get(name, ())) for name, version, state in told})


# What `dpkg -V` would find missing, without its digests: those of 300 MB of programs would cost a second each time.
# Documentation is left out: an image may tell dpkg not to unpack it (dpkg(1), --path-exclude).
_LOST = f"""
for package in {" ".join(UPSTREAM_PACKAGES)}; do
    [ -r "/var/lib/dpkg/info/$package.list" ] && while read -r path; do
        case $path in
            /opt/cni/bin/* | /usr/bin/* | /usr/lib/systemd/system/*)
                [ -s "$path" ] || [ -d "$path" ] || printf '%s\\t%s\\n' "$package" "$path" ;;
        esac
    done <"/var/lib/dpkg/info/$package.list"
done
true"""
# All of them in one question; letters by dpkg-query(1), "db:Status-Abbrev".
PACKAGES: Fact[dict[str, Package]] = Fact(
    "packages", f"dpkg-query -W -f='${{Package}}\\t${{Version}}\\t${{db:Status-Abbrev}}\\n' || exit\n{_LOST}", _packages
)


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A process that holds one of apt's or dpkg's locks."""

    pid: int
    command: str


def _holders(out: Output) -> Answer[tuple[LockHolder, ...]]:
    rows = (line.partition(" ") for line in sorted(set(out.stdout.splitlines())))
    return Known(tuple(LockHolder(int(pid), command) for pid, _, command in rows))


# /proc/locks names a lock's inode and process, so nobody's lock is touched to find out (proc_locks(5)).
APT_LOCKS: Fact[tuple[LockHolder, ...]] = Fact(
    "apt-locks",
    "inodes=$(stat -c %i /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock 2>/dev/null); "
    "while read -r _ _ _ _ pid place _; do for inode in $inodes; do "
    '[ "${place##*:}" = "$inode" ] && echo "$pid $(tr "\\0\\n" "  " </proc/$pid/cmdline)"; '
    "done; done </proc/locks; true",
    _holders,
)
