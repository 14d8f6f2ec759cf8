"""Where a machine finds the packages of a Debian release: its own sources, or the same mirrors under another release.

A mirror of Debian carries all its releases, each as the suites CODENAME, CODENAME-updates and CODENAME-security
(sources.list(5); debian.org/releases). A machine's own sources name one of them, as a rule.
"""

# What this machine's apt has as Debian's (apt-get(8), indextargets); a closed machine's mirrors are found so.
LISTED = (
    *("apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"),
    *("Created-By: Packages", "Origin: Debian"),
)
_SUITES = ("", "-updates", "-security")


def sources_for(codename: str, listed: str) -> tuple[str, ...]:
    """One-line sources of the release `codename`, from the output of LISTED; none when it names no source of Debian."""
    lines = tuple(dict.fromkeys(line.strip() for line in listed.splitlines() if line.strip()))
    own = tuple(line for line in lines if _suite(line)[0] == codename)
    return own or tuple(dict.fromkeys(_renamed(line, codename) for line in lines if _suite(line)[1] in _SUITES))


def _suite(line: str) -> tuple[str, str]:
    """bookworm-updates -> bookworm, -updates."""
    release, dash, rest = line.split()[2].partition("-")
    return release, dash + rest


def _renamed(line: str, codename: str) -> str:
    kind, uri, _, *components = line.split()
    return " ".join((kind, uri, codename + _suite(line)[1], *components))
