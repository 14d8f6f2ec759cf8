"""What the commands of `kboot bundle` do: apart from them, so that their help needs not what reads locks."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make.build import build, building, finished
from bootstrap.bundle.make.order import Order, known_versions
from bootstrap.bundle.make.progress import Event, Note, PartProgress, PartReady, PartStarted
from bootstrap.bundle.make.prune import remove, unwanted
from bootstrap.bundle.make.release import this_release, wanted_releases
from bootstrap.bundle.place import bundle_folder, cache_folder, default_folder, machine_architecture
from bootstrap.bundle.verify import Finding, verify
from bootstrap.cli.options import Screen
from bootstrap.cli.pruning import Found, prune
from bootstrap.load.addon import load_addon_file
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.bundle_text import bundle_document, bundle_lines
from bootstrap.show.document import Record, document

_MIB = 1024 * 1024


def build_bundle(kubernetes: tuple[str, ...], release: tuple[str, ...], output: Path | None, screen: Screen) -> None:
    """Build what is missing, and name the folder."""
    begun = time.monotonic()
    order = _order(kubernetes, release, output)
    found = finished(order)
    if found:
        screen.say(f"the bundle is built already ({_sum(found)}): nothing to do")
    else:
        found = build(order, partial(_show, screen.say))
        screen.say(f"built in {time.monotonic() - begun:.0f} s: {_sum(found)}")
    click.echo(found.folder)


def verify_bundle(folder: Path | None, key: str | None, screen: Screen) -> ExitCode:
    """Compare, and tell what differs."""
    opened = Bundle.open((folder or default_folder()).absolute(), key)
    findings = verify(opened)
    code = ExitCode.INTEGRITY if findings else ExitCode.OK
    if screen.output == "json":
        screen.print_document(_verification(opened, findings, code))
        return code
    if findings:
        raise _not_whole(opened, findings)
    click.echo(f"{opened.folder}: {_sum(opened)}, all as the lock says; signed by {opened.signed_by}")
    return code


def list_bundle(folder: Path | None, screen: Screen) -> None:
    """Tell what is in it."""
    opened = Bundle.open((folder or default_folder()).absolute())
    lock = opened.lock
    if screen.output == "json":
        screen.print_document(bundle_document(lock, str(opened.folder), opened.signed_by))
        return
    click.echo(f"{opened.folder}: {_sum(opened)}, {lock.architecture}, built {lock.built}")
    click.echo(f"lock signed by {opened.signed_by}, apt key {lock.apt_key_fingerprint}")
    for line in bundle_lines(lock):
        click.echo(line)


def prune_cache(kubernetes: tuple[str, ...], release: tuple[str, ...], screen: Screen) -> ExitCode:
    """Name what nobody wants, and remove it once that is confirmed."""
    order, home = _order(kubernetes, release, None), cache_folder()
    home.mkdir(parents=True, exist_ok=True)

    def removed(found: Found) -> Found:
        free = _free(found, home, screen.say)  # a lab may have come up while the question stood open
        remove(free)
        return free

    with building(home / "build.lock", partial(_show, screen.say)):
        found = unwanted(order, home)
        if _labs_bundles(found, home) is None:
            screen.say("only root can see which labs this machine has: a bundle that one of them uses is not spared")
        code = prune(_free(found, home, screen.say), removed, home, screen)
    if any((home / "lab").glob("base-*")):
        screen.say(
            f"the base systems of labs stay, in {home / 'lab'}: `kboot lab prune` removes those that no lab uses"
        )
    return code


def _free(found: Found, home: Path, say: Callable[[str], None]) -> Found:
    """All but the bundles that labs use; says which these are."""
    used = _labs_bundles(found, home) or {}
    kept = {one: lab for one in found if (lab := used.get(one.path.resolve()))}
    for one, lab in kept.items():
        say(f"{one.path} stays: the lab {lab} uses it")
    return tuple(one for one in found if one not in kept)


def _labs_bundles(found: Found, home: Path) -> dict[Path, str] | None:
    """Which lab uses which bundle, where a whole bundle was found; None for who may not know."""
    from bootstrap.lab.prune import bundles_of_labs  # noqa: PLC0415 - the other commands need no lab

    whole = (one.path for one in found if one.path.name[0] != ".")
    return bundles_of_labs() if any(path.parent == home / "bundle" for path in whole) else {}


def _order(kubernetes: tuple[str, ...], release: tuple[str, ...], output: Path | None) -> Order:
    architecture, machine = machine_architecture(), this_release()
    versions = known_versions(kubernetes)
    folder = (output or bundle_folder([one.kubernetes for one in versions], architecture)).absolute()
    return Order(versions, architecture, wanted_releases(release, machine), machine, _addons(), folder)


def _sum(opened: Bundle) -> str:
    kinds = Counter(file.kind for file in opened.lock.files)
    counts = ", ".join(f"{kinds[kind]} {kind}s" for kind in ("package", "image", "manifest"))
    return f"Kubernetes {', '.join(opened.lock.versions)}, {counts}, {opened.lock.size_bytes / _MIB:.0f} MiB"


def _addons() -> tuple[AddonFile, ...]:
    return tuple(load_addon_file(name)[1] for name in shipped_addons())


def _show(say: Callable[[str], None], event: Event) -> None:
    match event:
        case PartStarted(name, position, total):
            say(f"[{position}/{total}] {name} ...")
        case PartProgress(name, note):
            say(f"        {name}: {note}")
        case PartReady(name, _, True):
            say(f"        {name}: from the cache")
        case PartReady(name, seconds, _):
            say(f"        {name}: ready after {seconds:.0f} s")
        case Note(text):
            say(text)


def _verification(opened: Bundle, findings: tuple[Finding, ...], code: ExitCode) -> Record:
    found = [asdict(finding) for finding in findings]
    return document(
        "Verification", folder=str(opened.folder), signedBy=opened.signed_by, exitCode=int(code), findings=found
    )


def _not_whole(opened: Bundle, findings: tuple[Finding, ...]) -> KbootError:
    return KbootError(
        Code.BUNDLE_NOT_WHOLE,
        f"the bundle is not as its lock says: {len(findings)} file(s)",
        where=str(opened.folder),
        evidence="\n".join(f"{found.problem} {found.path} {found.detail}".rstrip() for found in findings),
        advice="build it again: `kboot bundle build`, or copy it again from where it was whole",
        exit_code=ExitCode.INTEGRITY,
    )
