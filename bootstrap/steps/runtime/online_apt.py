"""apt as our acts use it without a bundle: our two sources and, for what they depend on, the host's own."""

import shlex
from dataclasses import replace

from bootstrap.facts.sources import CONTAINERD_KEYRING, FOLDER, KUBERNETES_KEYRING, LISTS, kubernetes_uri
from bootstrap.model.action import Action, Run
from bootstrap.model.inventory import Inventory
from bootstrap.model.text import text
from bootstrap.steps.runtime import apt

HOSTS_SOURCES = f"{FOLDER}/hosts-sources"
ARCHIVES = f"{FOLDER}/archives"
# The host's own lists are neither read nor written: ours may be of another moment.
CONFIG_TEXT = apt.config_text(HOSTS_SOURCES) + f'Dir::Cache::Archives "{ARCHIVES}";\nAcquire::GzipIndexes "false";\n'
_UPDATE_S, _DOWNLOAD_S, _CLEAN_S = 300.0, 900.0, 60.0


def sources_list(inventory: Inventory, system_id: str, codename: str) -> str:
    """Two lines, each trusted by its own key alone (sources.list(5), signed-by)."""
    mirrors = inventory.cluster.mirrors
    kubernetes = kubernetes_uri(mirrors.kubernetes.url, inventory.cluster.kubernetes)
    return (
        f"deb [signed-by={KUBERNETES_KEYRING}] {kubernetes}/ /\n"
        f"deb [signed-by={CONTAINERD_KEYRING}] {mirrors.containerd.url}/{system_id} {codename} stable\n"
    )


# apt refuses one source that two keys are named for ("Conflicting values set for option Signed-By"), so a line of the
# host's own about Docker's or Kubernetes' repository is left out of the copy; so is a disc that nobody would insert.
# Whatever else is wrong with the host's own sources is no concern of ours, unless a package is missing then.
_UPDATE = """\
set -u
mkdir -p {archives}/partial {lists}/partial {hosts}
rm -f {hosts}/*.list {hosts}/*.sources
ours() {{ grep -E {pattern} "$@"; }}
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -f "$file" ] || ours -v "$file" >{hosts}/"$(basename "$file" .list).list"
done
for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || ours -q "$file" || cp "$file" {hosts}/
done
{get} -o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0 update --error-on=any || exit
{get} update || echo "not all of the host's own package sources answered"
"""


def update(inventory: Inventory) -> Run:
    """Read the indexes; fails when one of ours is not signed by its key, or is not there."""
    mirrors = inventory.cluster.mirrors
    hosts = (mirrors.kubernetes.url, mirrors.containerd.url, "https://pkgs.k8s.io", "https://download.docker.com")
    pattern = "|".join([*(url.replace(".", "[.]") for url in dict.fromkeys(hosts)), "^deb.*cdrom:"])
    script = _UPDATE.format(
        archives=ARCHIVES, lists=LISTS, hosts=HOSTS_SOURCES, pattern=shlex.quote(pattern), get=shlex.join(apt.GET)
    )
    return Run(("sh",), stdin=text(script), timeout_s=_UPDATE_S)


def delivery(
    everything: tuple[str, ...], wanted: tuple[str, ...], *, clean: bool, again: bool = False
) -> tuple[Action, ...]:
    """Download `everything` and compare it with the signed index, install `wanted` of it; at last the files may go."""
    last = (Run((*apt.GET, "clean"), timeout_s=_CLEAN_S),) if clean else ()
    fetch = _download(*apt.reinstalling(again=again), *apt.CAREFUL, *everything)
    return (apt.finish(), fetch, apt.install(wanted, again=again), *last)


def ahead(everything: tuple[str, ...]) -> tuple[Action, ...]:
    """Download `everything`, and compare it, beside packages that have to go for it, held or not: none goes yet.

    One of these may be what cannot be configured (dpkg's 1), a docker.io whose daemon does not start.
    """
    tried = replace(apt.finish(), ok=frozenset({0, 1}))
    return (tried, _download("--allow-downgrades", "--allow-change-held-packages", "--ignore-hold", *everything))


def _download(*words: str) -> Run:
    return Run((*apt.GET, "install", "--download-only", *words), timeout_s=_DOWNLOAD_S)
