"""`lab up` and `lab down`: each makes so what should be, so either may be killed anywhere and run again."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

from bootstrap.lab import cgroups, first_boot, network, power, written
from bootstrap.lab.base import ensure_base
from bootstrap.lab.disk import ensure_client_key, ensure_disk, password_hash
from bootstrap.lab.entry import write_entry
from bootstrap.lab.inotify import require_room
from bootstrap.lab.machine import MIRROR_TOOLS, TOOLS, Say, ensure_tools
from bootstrap.lab.mirror import ensure_mirror, start_mirror, stop_mirror
from bootstrap.lab.readiness import wait_for_ssh
from bootstrap.lab.recipe import recipe_for
from bootstrap.lab.removal import remove_tree
from bootstrap.lab.spec import DEFAULT_HOSTS, DEFAULT_SSH_PORT, LabSpec, System
from bootstrap.lab.state import LabState, lab_state, locked, write_atomically
from bootstrap.lab.troubles import ordered
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


@dataclass(frozen=True)
class Wish:
    """What the command line asked for; None where it said nothing."""

    name: str
    hosts: int | None = None
    ssh_port: int | None = None
    sudo_password: bool | None = None
    troubles: tuple[str, ...] = ()
    os: System | None = None
    bundle: str | None = None
    mirrors: bool | None = None
    kubernetes: str | None = None
    inventory: Path = Path("lab.yaml")


def up(wish: Wish, say: Say) -> LabSpec:
    """Every wished host runs and lets its admin in, and the inventory that reaches them is written."""
    ensure_tools(say, MIRROR_TOOLS if wish.mirrors else TOOLS)
    state = lab_state(wish.name)
    with locked(state):
        spec = merged(state.spec(), wish)
        written.refuse_edited(state.spec(), spec)
        if not (spec.base and Path(spec.base).is_dir()):
            spec = replace(spec, base=str(ensure_base(recipe_for(spec.os, spec.troubles), say)))
        state.save(spec)
        if spec.mirrors:
            _mirror(state, spec, say)
        _make(state, spec)
        if spec.mirrors:
            start_mirror(state, Path(str(spec.bundle)))
        say(f"booting {', '.join(spec.host_names)}")
        start(state, spec.host_names)
        each(lambda host: first_boot.finish(state, spec, host), spec.host_names)
        return written.write(state, spec)


def start(state: LabState, hosts: tuple[str, ...]) -> None:
    """Switches hosts on and waits until each lets its admin in; hosts that run are left alone."""
    dark = tuple(host for host in hosts if not power.has_power(state.host(host)))
    require_room(len(dark))
    for host in dark:
        power.switch_on(state, state.host(host))
    each(lambda host: wait_for_ssh(state, host), hosts)


def merged(known: LabSpec | None, wish: Wish) -> LabSpec:
    """The lab that is there with what was asked for added; raises KB1305 where that would be another lab."""
    if known is None:
        known = LabSpec(
            name=wish.name,
            ssh_port=wish.ssh_port or DEFAULT_SSH_PORT,
            sudo_password=bool(wish.sudo_password),
            troubles=ordered(wish.troubles),
            os=wish.os or "debian-12",
            mirrors=bool(wish.mirrors),
        ).with_hosts(wish.hosts or DEFAULT_HOSTS)
    _refuse_another(known, wish)
    if wish.hosts is not None and wish.hosts < len(known.hosts):
        raise _differs(wish.name, f"it has {len(known.hosts)} hosts; up adds hosts and removes none")
    grown = known.with_hosts(wish.hosts or 0)
    if wish.bundle:
        grown = replace(grown, bundle=wish.bundle, kubernetes=wish.kubernetes)
    return replace(grown, inventory=str(wish.inventory.absolute()))


def _refuse_another(known: LabSpec, wish: Wish) -> None:
    for option, value, has in (
        ("--os", wish.os, known.os),
        ("--ssh-port", wish.ssh_port, known.ssh_port),
        ("--sudo-password", wish.sudo_password, known.sudo_password),
        ("--mirrors", wish.mirrors, known.mirrors),
        ("--with", _words(ordered(wish.troubles)) if wish.troubles else None, _words(known.troubles)),
    ):
        if value is not None and value != has:
            raise _differs(wish.name, f"it was made with {option} {has}, not {value}")


def _words(troubles: tuple[str, ...]) -> str:
    return ", ".join(troubles) or "nothing"


def down(name: str, say: Say) -> bool:
    """Ends the lab and all that it left on this machine; False when there was none."""
    state = lab_state(name)
    if not state.folder.exists():
        return False
    with locked(state):
        spec = state.spec()
        hosts = sorted((state.folder / "hosts").glob("*"))
        say(f"switching off {', '.join(host.name for host in hosts) or 'nothing'}")
        each(lambda host: power.cut(state.host(host)), tuple(host.name for host in hosts))
        cgroups.remove_labs(group for host in hosts for group in cgroups.recorded(state.host(host.name).cgroups))
        stop_mirror(state)
        network.unbind(state.netns)
        if spec is not None:
            written.remove(spec)
        _remove_folder(state.folder)
    return True


def _make(state: LabState, spec: LabSpec) -> None:
    ensure_client_key(state)
    if spec.sudo_password and not state.sudo_password.exists():
        write_atomically(state.sudo_password, secrets.token_urlsafe(16) + "\n", 0o600)
    hashed = password_hash(state)
    for host in spec.hosts:
        ensure_disk(state, spec, host, Path(spec.base), hashed)
    write_entry(state, spec)
    network.ensure_lab(state.netns)


def _mirror(state: LabState, spec: LabSpec, say: Say) -> None:
    if spec.bundle is None:
        raise KbootError(
            Code.BUNDLE_MISSING,
            "a lab's mirrors serve the content of a bundle, and there is none",
            advice="kboot bundle build, or name one with --bundle",
            exit_code=ExitCode.USAGE,
        )
    say("laying out the mirrors: package repositories and an image registry")
    ensure_mirror(state, Path(spec.bundle), say)


def _differs(name: str, how: str) -> KbootError:
    return KbootError(
        Code.LAB_DIFFERS,
        f"a lab named {name!r} is there already and {how}",
        advice=f"give another --name, or end this one first: kboot lab down --name {name}",
        exit_code=ExitCode.USAGE,
    )


def _remove_folder(folder: Path) -> None:
    # Renamed first: `up` after a kill here must find whole disks or none.
    remove_tree(folder / "gone")
    if (folder / "hosts").is_dir():
        (folder / "hosts").rename(folder / "gone")
    remove_tree(folder)


def each(act: Callable[[str], None], names: tuple[str, ...]) -> None:
    """Acts on all hosts side by side; the first error is raised when all have ended. Ctrl-C waits for none of them."""
    errors: list[BaseException] = []

    def one(name: str) -> None:
        try:
            act(name)
        except BaseException as error:  # raised again in the calling thread
            errors.append(error)

    threads = [Thread(target=one, args=(name,), daemon=True) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
