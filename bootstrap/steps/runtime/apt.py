"""apt as our acts use it: our source alone, our own lists, no questions, no restarts of services."""

import shlex

from bootstrap.facts.sources import FOLDER
from bootstrap.model.action import Run
from bootstrap.model.text import text

KEYRING = f"{FOLDER}/kboot-archive-keyring.gpg"
SOURCES_LIST = f"{FOLDER}/sources.list"
CONFIG = f"{FOLDER}/apt.conf"

# Named by -c, so it is read after the host's own files and wins (apt.conf(5)). The host's lists, caches and pins are
# neither read nor written; a conffile that the admin edited stays; a held dpkg lock is waited for.
_LOCK_WAIT_S = 300


def config_text(source_parts: str = "/dev/null") -> str:
    """apt.conf(5) of our acts; `source_parts` is a folder of further sources."""
    return f"""\
Dir::Etc::SourceList "{SOURCES_LIST}";
Dir::Etc::SourceParts "{source_parts}";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "{FOLDER}/lists";
Dir::Cache::PkgCache "";
Dir::Cache::SrcPkgCache "";
APT::Get::Assume-Yes "true";
APT::Install-Recommends "false";
Acquire::Languages "none";
DPkg::Lock::Timeout "{_LOCK_WAIT_S}";
DPkg::Options {{ "--force-confdef"; "--force-confold"; }};
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


CONFIG_TEXT = config_text()

# needrestart restarts services after every apt run, sshd and containerd among them; this stops it (its README.Debian).
_ENVIRONMENT = ("env", "NEEDRESTART_SUSPEND=1", "DEBIAN_FRONTEND=noninteractive")
GET = (*_ENVIRONMENT, "apt-get", "-c", CONFIG)
# Never removes a package: that was not asked for, so apt stops instead.
CAREFUL = ("--no-remove", "--allow-downgrades", "--allow-change-held-packages")
_UPDATE_S = 120.0
_INSTALL_S = 900.0

# The lock timeout is apt's alone: dpkg itself ends at once where somebody holds a lock, with code 2, which it has for
# other errors too, and "... was locked by ... process with pid N" (dpkg's lib/dpkg/file.c; acts run with LC_ALL=C).
_DPKG = """\
waited=0
while :; do
    said=$({command} 2>&1 >&3 3>&-)
    code=$?
    case $code:$said in
        2:*"locked by"*) [ $waited -lt {wait_s} ] && sleep 5 && waited=$((waited + 5)) && continue ;;
    esac
    [ -z "$said" ] || printf '%s\\n' "$said" >&2
    exit $code
done 3>&1
"""


def repository(release: str) -> str:
    """The folder of the flat repository for a release."""
    return f"{FOLDER}/{release}"


def sources_list(release: str) -> str:
    """One line: our repository, trusted by our key alone."""
    return f"deb [signed-by={KEYRING}] file:{repository(release)} ./\n"


def listed_index(release: str) -> str:
    """Where apt keeps the InRelease that it has verified and taken into its lists."""
    return f"{FOLDER}/lists/{repository(release).replace('/', '_')}_._InRelease"


def update() -> Run:
    """Read our repository's index; fails when its signature is not our key's."""
    return Run((*GET, "update", "--error-on=any"), timeout_s=_UPDATE_S)


def finish() -> Run:
    """Configure what an earlier run of dpkg left unpacked when it was killed; apt refuses to start before that.

    A held dpkg lock is waited for, as apt does it.
    """
    return _dpkg("--configure", "-a", "--force-confdef", "--force-confold")


def remove(packages: tuple[str, ...]) -> Run:
    """Remove exactly these, held or not; configuration and data stay. Stops where another package depends on one.

    dpkg's own, for apt would take what depends on them along.
    """
    return _dpkg("--remove", "--force-hold", *packages)


def _dpkg(*words: str) -> Run:
    command = shlex.join((*_ENVIRONMENT, "dpkg", *words))
    return Run(("sh",), stdin=text(_DPKG.format(command=command, wait_s=_LOCK_WAIT_S)), timeout_s=_INSTALL_S)


def reinstalling(*, again: bool) -> tuple[str, ...]:
    """What makes apt unpack anew what is installed in this version already."""
    return ("--reinstall",) if again else ()


def install(packages: tuple[str, ...], *, again: bool = False) -> Run:
    """Install NAME or NAME=VERSION."""
    return Run((*GET, "install", *reinstalling(again=again), *CAREFUL, *packages), timeout_s=_INSTALL_S)
