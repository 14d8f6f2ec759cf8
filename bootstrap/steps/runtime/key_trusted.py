"""What is wrong with what a repository offers: unreachable, another key, an expired one, a version that it lacks."""

from datetime import datetime

from bootstrap.facts.openpgp import certificates
from bootstrap.facts.sources import Offer, Repository
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked
from bootstrap.model.tables.sources import CONTAINERD_PACKAGE
from bootstrap.steps.runtime.published import Published, Source

# pkgs.k8s.io, which is a bucket, says 403 of what it does not have (kubernetes/release#3524).
_NOT_THERE = ("error: 404", "error: 403")
_KEEP = "if it is yours, name its key's fingerprint in the inventory (cluster.mirrors)"


def offer_problem(source: Source, offered: Offer, found: Published, host: str, now: datetime) -> Blocked | None:
    """Why this host cannot take from there what it lacks; None when it can."""
    if offered.key_error:
        return _unreachable(source.repository, host, offered.key_url, offered.key_error)
    if problem := key_problem(source, offered.key, offered.key_url, now):
        return problem
    if offered.index_error:
        return _unreachable(source.repository, host, offered.index_url, offered.index_error)
    return _lacking(source.repository, offered, found)


def key_problem(source: Source, key: str, where: str, now: datetime) -> Blocked | None:
    """Whether this is the pinned key, and lives; `where` is a URL or the keyring's path."""
    found = certificates(key)
    if [one.fingerprint for one in found] != [source.fingerprint]:
        told = ", ".join(one.fingerprint for one in found) or "no OpenPGP key"
        return Blocked(
            Code.SOURCE_KEY_DIFFERS,
            f"{where} is {told}, and the key {source.fingerprint} is wanted",
            f"do not go on before you know why: somebody else may answer in its place; {_KEEP}",
        )
    expires = found[0].expires
    if expires is not None and expires <= now:
        return Blocked(
            Code.SOURCE_KEY_EXPIRED,
            f"the key {where} expired on {expires:%Y-%m-%d}",
            "apt refuses what it signs: refresh the mirror from upstream, or take another one (cluster.mirrors)",
        )
    return None


def _unreachable(repository: Repository, host: str, url: str, why: str) -> Blocked:
    advice = f"on {host}: curl -fI '{url}'"
    if "curl: not found" in why or "curl: command not found" in why:
        advice = f"on {host}: sudo apt-get install curl"
    elif any(told in why for told in _NOT_THERE):
        lacks = "the host's release" if CONTAINERD_PACKAGE in repository.names else "this minor of Kubernetes"
        advice = f"it answers and gives nothing there: correct its URL (cluster.mirrors), or it lacks {lacks}"
    return Blocked(
        Code.SOURCE_UNREACHABLE,
        f"{host} cannot read {url}: {why}",
        f"{advice}; without internet name a mirror (cluster.mirrors) or a bundle (cluster.bundle)",
    )


def _lacking(repository: Repository, offered: Offer, found: Published) -> Blocked | None:
    names = [name for name in repository.names if not found.has(name)]
    lacking = [name for name in names if not any(found.suits(name, one) for one in offered.versions.get(name, ()))]
    if not lacking:
        return None
    has = "; ".join(f"{name} {', '.join(offered.versions.get(name, ())[-4:]) or 'none'}" for name in lacking)
    return Blocked(
        Code.SOURCE_LACKS_VERSION,
        f"{offered.index_url} has no {', '.join(lacking)} for Kubernetes {found.kubernetes}; it has {has}",
        "name a version that is there (cluster.kubernetes), or refresh the mirror",
    )
