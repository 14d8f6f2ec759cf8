"""`kboot bundle`: the air-gap bundle."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make.build import alone, build, finished
from bootstrap.bundle.make.order import Order, known_versions
from bootstrap.bundle.make.progress import Event, Note, PartProgress, PartReady, PartStarted
from bootstrap.bundle.make.prune import remove, unwanted
from bootstrap.bundle.make.release import this_release, wanted_releases
from bootstrap.bundle.place import bundle_folder, cache_folder, default_folder, machine_architecture
from bootstrap.bundle.verify import Finding, verify
from bootstrap.cli.asking import confirmed
from bootstrap.cli.options import Screen, screen_options
from bootstrap.load.addon import load_addon_file
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES
from bootstrap.show.bundle_text import bundle_document, bundle_lines, mib

_MIB = 1024 * 1024
_folder = click.argument("folder", required=False, type=click.Path(path_type=Path))


def _what(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --kubernetes and --release, which make an order."""
    kubernetes = click.option(
        "--kubernetes",
        multiple=True,
        default=(DEFAULT_KUBERNETES,),
        show_default=True,
        metavar="VERSION",
        help="A Kubernetes version that is wanted; give it again for another one.",
    )
    release = click.option(
        "--release",
        multiple=True,
        metavar="CODENAME",
        help="A release that hosts run, such as trixie; give it again for another one. Default: this machine's own, "
        "and on Debian every release of it that kboot is made for.",
    )
    return kubernetes(release(command))


@click.group()
def bundle() -> None:
    """The air-gap bundle: everything that hosts install, with its lock.

    Example: sudo kboot bundle build --output /srv/kboot/1.36.3
    """


@bundle.command("build")
@_what
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the bundle; default: kboot's cache.")
@screen_options(("text",))
def bundle_build(kubernetes: tuple[str, ...], release: tuple[str, ...], output: Path | None, screen: Screen) -> None:
    """Build a bundle for hosts of this machine's architecture, from Go modules and Debian packages.

    The first build takes about 20 minutes on two cores, 15 more for each further version of Kubernetes; what it made is
    kept, so a build that was cut off goes on where it was, and a finished one is only looked at. The bundle's folder is
    printed on stdout.

    Example: sudo kboot bundle build --kubernetes 1.36.3 --kubernetes 1.35.4
    """
    begun = time.monotonic()
    order = _order(kubernetes, release, output)
    found = finished(order)
    if found:
        screen.say(f"the bundle is built already ({_sum(found)}): nothing to do")
    else:
        found = build(order, partial(_show, screen.say))
        screen.say(f"built in {time.monotonic() - begun:.0f} s: {_sum(found)}")
    click.echo(found.folder)


@bundle.command("verify")
@_folder
@click.option("--key", metavar="HEX", help="The key that must have signed the lock, as its maker told you.")
@screen_options(("text", "json"))
def bundle_verify(folder: Path | None, key: str | None, screen: Screen) -> ExitCode:
    """Compare every byte of a bundle with its signed lock. Exit code 12 when one is altered, missing or extra.

    The signature finds damage, and what was changed by someone without the signing key. Whether that key is the one you
    mean, only you can say: --key takes it, `kboot bundle list` shows it.

    Example: kboot bundle verify /srv/kboot/1.36.3
    """
    opened = Bundle.open((folder or default_folder()).absolute(), key)
    findings = verify(opened)
    code = ExitCode.INTEGRITY if findings else ExitCode.OK
    if screen.output == "json":
        click.echo(json.dumps(_verification(opened, findings, code), indent=2))
        return code
    if findings:
        raise _not_whole(opened, findings)
    click.echo(f"{opened.folder}: {_sum(opened)}, all as the lock says; signed by {opened.signed_by}")
    return code


@bundle.command("list")
@_folder
@screen_options(("text", "json"))
def bundle_list(folder: Path | None, screen: Screen) -> None:
    """What is in a bundle and how large: by kind, release and Kubernetes version; each file's source and licence.

    Example: kboot bundle list /srv/kboot/1.36.3
    """
    opened = Bundle.open((folder or default_folder()).absolute())
    lock = opened.lock
    if screen.output == "json":
        click.echo(json.dumps(bundle_document(lock, str(opened.folder), opened.signed_by), indent=2))
        return
    click.echo(f"{opened.folder}: {_sum(opened)}, {lock.architecture}, built {lock.built}")
    click.echo(f"lock signed by {opened.signed_by}, apt key {lock.apt_key_fingerprint}")
    for line in bundle_lines(lock):
        click.echo(line)


@bundle.command("prune")
@_what
@screen_options(("text",), asks=True)
def bundle_prune(kubernetes: tuple[str, ...], release: tuple[str, ...], screen: Screen) -> None:
    """Remove from kboot's cache what the wanted versions and releases do not need.

    Parts of other recipes and bundles that hold something else are named with their sizes, and go once you say yes.
    Bundles elsewhere are never looked at; whatever goes can be built again.

    Example: sudo kboot bundle prune --kubernetes 1.36.3 --kubernetes 1.35.4
    """
    order, home = _order(kubernetes, release, None), cache_folder()
    home.mkdir(parents=True, exist_ok=True)
    with alone(home / "build.lock", partial(_show, screen.say)):
        found = unwanted(order, home)
        for one in found:
            click.echo(f"{mib(one.size_bytes):>12}  {one.path}  {one.why}")
        if not found:
            click.echo("nothing to remove: all that is kept is wanted")
            return
        total = mib(sum(one.size_bytes for one in found))
        if confirmed(screen, f"Remove these {len(found)} folders, {total}?"):
            remove(found)
            click.echo(f"removed {len(found)} folders, {total}")


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


def _verification(opened: Bundle, findings: tuple[Finding, ...], code: ExitCode) -> dict[str, object]:
    return {
        "apiVersion": "kboot/v1",
        "kind": "Verification",
        "folder": str(opened.folder),
        "signedBy": opened.signed_by,
        "exitCode": int(code),
        "findings": [asdict(finding) for finding in findings],
    }


def _not_whole(opened: Bundle, findings: tuple[Finding, ...]) -> KbootError:
    return KbootError(
        Code.BUNDLE_NOT_WHOLE,
        f"the bundle is not as its lock says: {len(findings)} file(s)",
        where=str(opened.folder),
        evidence="\n".join(f"{found.problem} {found.path} {found.detail}".rstrip() for found in findings),
        advice="build it again: `kboot bundle build`, or copy it again from where it was whole",
        exit_code=ExitCode.INTEGRITY,
    )
