"""Package repositories as a host reaches them, and as its own copy of their index has them.

Layouts: pkgs.k8s.io (flat: InRelease and Packages beside the packages) and Docker's (dists/<codename>, component
stable); names of the files in lists/ by apt's URItoFileName (apt-pkg/contrib/strutl.cc).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output
from bootstrap.model.tables.sources import CONTAINERD_PACKAGE, KUBERNETES_PACKAGES

FOLDER = "/var/lib/kboot/apt"
LISTS = f"{FOLDER}/lists"
KUBERNETES_KEYRING = f"{FOLDER}/kubernetes.asc"
CONTAINERD_KEYRING = f"{FOLDER}/containerd.asc"
_KEY_BYTES, _INDEX_BYTES = 100_000, 40_000_000
_FIELDS = """awk -v names=" $names " '/^Package: /{p=$2} /^Version: /&&index(names," "p" "){print "offers",p,$2}'"""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where one repository is, as shell text: `${id}`, `${codename}` and `${arch}` are the host's.

    `installed` is a script that tells by its exit code whether nothing from there is missing.
    """

    key_url: str
    index_url: str
    release_url: str
    keyring: str
    names: tuple[str, ...]
    installed: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a repository answered: its key's text and the versions of the packages asked for, by name, or the errors.

    The two URLs are whole, as the host asked them.
    """

    key_url: str
    key: str
    key_error: str
    index_url: str
    index_error: str
    versions: Mapping[str, tuple[str, ...]]


def kubernetes_repository(base: str, version: str) -> Repository:
    """The repository of this version's minor below `base`."""
    there = kubernetes_uri(base, version)
    wanted = version.replace(".", "\\.")
    query = "dpkg-query -W -f='${db:Status-Status} ${Version}\\n' kubelet kubeadm kubectl 2>/dev/null"
    return Repository(
        key_url=f"{there}/Release.key",
        index_url=f"{there}/Packages",
        release_url=f"{there}/InRelease",
        keyring=KUBERNETES_KEYRING,
        names=KUBERNETES_PACKAGES,
        installed=f'[ "$({query} | grep -c "^installed {wanted}-")" = 3 ]',
    )


def kubernetes_uri(base: str, version: str) -> str:
    """pkgs.k8s.io's folder of a minor."""
    return f"{base}/core:/stable:/v{version.rpartition('.')[0]}/deb"


def containerd_repository(base: str, major: int) -> Repository:
    """Docker's repository of the host's own release below `base`."""
    there = f"{base}/${{id}}"
    query = "dpkg-query -W -f='${db:Status-Status} ${Version}\\n' containerd.io 2>/dev/null"
    return Repository(
        key_url=f"{there}/gpg",
        index_url=f"{there}/dists/${{codename}}/stable/binary-${{arch}}/Packages",
        release_url=f"{there}/dists/${{codename}}/InRelease",
        keyring=CONTAINERD_KEYRING,
        names=(CONTAINERD_PACKAGE,),
        installed=f'{query} | grep -q "^installed {major}\\."',
    )


def offer(repository: Repository) -> Fact[Offer]:
    """What the source offers, through the proxy that apt uses; asked only while something from there is missing."""
    script = f"""\
{_HOST}
[ -s {repository.keyring} ] && {repository.installed} && exit {ABSENT_CODE}
via() {{ via=$(apt-config dump --format '%v%n' "Acquire::$1::Proxy"); [ "$via" = DIRECT ] || echo "$via"; }}
http_proxy=${{http_proxy:-$(via http)}} https_proxy=${{https_proxy:-$(via https)}}
https_proxy=${{https_proxy:-$http_proxy}}; export http_proxy https_proxy
get() {{ curl -fsSL --connect-timeout 5 --max-time 12 --max-filesize "$1" -o "$2" "$3" 2>"$2.err"; }}
said() {{ echo "$1 $2 $4 $(tr '\\n' ' ' <"$3.err")"; }}
names="{" ".join(repository.names)}" mine="$(mktemp -d ./source.XXXXXX)/from" || exit 1
get {_KEY_BYTES} "$mine.key" "{repository.key_url}"; code=$?; said key $code "$mine.key" "{repository.key_url}"
if [ $code = 0 ]; then
    get {_INDEX_BYTES} "$mine.gz" "{repository.index_url}.gz" && gzip -dc "$mine.gz" >"$mine.index" ||
        get {_INDEX_BYTES} "$mine.index" "{repository.index_url}"; code=$?; touch "$mine.index.err"
    said index $code "$mine.index" "{repository.index_url}"
else
    said index $code "$mine.key" "{repository.key_url}"
fi
[ -e "$mine.index" ] && {_FIELDS} "$mine.index"
echo text; cat "$mine.key" 2>/dev/null
true
"""
    return Fact(f"offer {repository.key_url}", script, _offer, deadline_s=45.0, answers=frozenset({0, ABSENT_CODE}))


def listed(*repositories: Repository) -> Fact[dict[str, tuple[str, ...]]]:
    """Package -> versions in apt's verified copy of these repositories' indexes; Absent while one was never read."""
    script = "\n".join([_HOST, *map(_reading, repositories), "true"])
    urls = " ".join(one.release_url for one in repositories)
    return Fact(f"listed {urls}", script, _listed, answers=frozenset({0, ABSENT_CODE}))


_HOST = ". /etc/os-release; id=$ID codename=$VERSION_CODENAME arch=$(dpkg --print-architecture)"


def _reading(repository: Repository) -> str:
    release, index = (_kept_as(url) for url in (repository.release_url, repository.index_url))
    return (
        f'[ -e "{release}" ] || exit {ABSENT_CODE}\n'
        f'names="{" ".join(repository.names)}"; [ ! -e "{index}" ] || {_FIELDS} "{index}"'
    )


def _kept_as(url: str) -> str:
    rest = url.partition("://")[2]
    for character in "_~@":
        rest = rest.replace(character, f"%{ord(character):02x}")
    return f"{LISTS}/{rest.replace('/', '_')}"


def _offer(out: Output) -> Answer[Offer]:
    if out.exit_code == ABSENT_CODE:
        return Absent("nothing from there is missing")
    head, _, key = out.stdout.partition("\ntext\n")
    rows = (line.split(" ", 3) for line in head.splitlines() if not line.startswith("offers "))
    said = {word: (url, _error(code, why)) for word, code, url, why in rows}
    return Known(Offer(said["key"][0], key, said["key"][1], *said["index"], _versions(head)))


def _listed(out: Output) -> Answer[dict[str, tuple[str, ...]]]:
    return Absent("apt has not read it") if out.exit_code == ABSENT_CODE else Known(_versions(out.stdout))


def _error(code: str, why: str) -> str:
    return "" if code == "0" else why.strip() or f"curl ended with exit code {code}"


def _versions(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("offers "):
            _, name, version = line.split(" ")
            found.setdefault(name, []).append(version)
    return {name: tuple(versions) for name, versions in found.items()}
