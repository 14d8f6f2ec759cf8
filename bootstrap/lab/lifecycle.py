"""`lab up` and `lab down`: each makes so what should be, so either may be killed anywhere and run again."""

import hashlib
import secrets
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bootstrap.lab import cgroups, network, power
from bootstrap.lab.base import ensure_base
from bootstrap.lab.disk import ensure_client_key, ensure_disk, password_hash
from bootstrap.lab.entry import write_entry
from bootstrap.lab.inotify import require_room
from bootstrap.lab.inventory import inventory_text
from bootstrap.lab.machine import Say, ensure_tools, this_machine
from bootstrap.lab.readiness import wait_for_ssh
from bootstrap.lab.recipe import recipe_for
from bootstrap.lab.spec import DEFAULT_HOSTS, DEFAULT_SSH_PORT, Firewall, LabSpec
from bootstrap.lab.state import LABS, LabState, lab_state, locked, write_atomically
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
    firewall: Firewall | None = None
    bundle: str | None = None
    inventory: Path = Path("lab.yaml")


def up(wish: Wish, say: Say) -> LabSpec:
    """Every wished host runs and lets its admin in, and the inventory that reaches them is written."""
    ensure_tools(say)
    state = lab_state(wish.name)
    with locked(state):
        spec = merged(state.spec(), wish)
        _refuse_edited_inventory(state.spec(), spec)
        dark = [name for name in spec.host_names if not power.has_power(state.host(name))]
        require_room(len(dark))
        base = Path(spec.base) if spec.base else ensure_base(recipe_for(spec.firewall), say)
        spec = replace(spec, base=str(base))
        state.save(spec)
        _make(state, spec)
        say(f"waiting for {', '.join(spec.host_names)} to let {len(spec.hosts)} admin in")
        each(lambda name: wait_for_ssh(state, name), spec.host_names)
        return _write_inventory(state, spec)


def merged(known: LabSpec | None, wish: Wish) -> LabSpec:
    """The lab that is there with what was asked for added; raises KB1305 where that would be another lab."""
    if known is None:
        known = LabSpec(
            name=wish.name,
            ssh_port=wish.ssh_port or DEFAULT_SSH_PORT,
            sudo_password=bool(wish.sudo_password),
            firewall=wish.firewall or "none",
        ).with_hosts(wish.hosts or DEFAULT_HOSTS)
    asked = {"--ssh-port": wish.ssh_port, "--sudo-password": wish.sudo_password, "--with": wish.firewall}
    has = {"--ssh-port": known.ssh_port, "--sudo-password": known.sudo_password, "--with": known.firewall}
    for option, value in asked.items():
        if value is not None and value != has[option]:
            raise _differs(wish.name, f"it was made with {option} {has[option]}, not {value}")
    if wish.hosts is not None and wish.hosts < len(known.hosts):
        raise _differs(wish.name, f"it has {len(known.hosts)} hosts; up adds hosts and removes none")
    grown = known.with_hosts(wish.hosts or 0)
    return replace(grown, bundle=wish.bundle or known.bundle, inventory=str(wish.inventory.absolute()))


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
        network.unbind(state.netns)
        if spec is not None:
            _remove_inventory(spec)
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
    for host in spec.hosts:
        power.switch_on(state, state.host(host.name))


def _differs(name: str, how: str) -> KbootError:
    return KbootError(
        Code.LAB_DIFFERS,
        f"a lab named {name!r} is there already and {how}",
        advice=f"give another --name, or end this one first: kboot lab down --name {name}",
        exit_code=ExitCode.USAGE,
    )


def _refuse_edited_inventory(known: LabSpec | None, wanted: LabSpec) -> None:
    path = Path(str(wanted.inventory))
    same = known is not None and known.hosts == wanted.hosts and known.bundle == wanted.bundle
    if not path.exists() or _is_ours(path, known) or (same and known and known.inventory == wanted.inventory):
        return
    raise KbootError(
        Code.LAB_INVENTORY_EDITED,
        "this file was not written by this lab, or was edited since, and would be overwritten",
        where=str(path),
        advice="move it away, or write the lab's inventory elsewhere with --inventory PATH",
        exit_code=ExitCode.USAGE,
    )


def _write_inventory(state: LabState, spec: LabSpec) -> LabSpec:
    path = Path(str(spec.inventory))
    if path.exists() and not _is_ours(path, spec):
        return spec
    text = inventory_text(state, spec, this_machine())
    written = replace(spec, inventory_sha256=_sha256(text.encode()))
    state.save(written)
    write_atomically(path, text, 0o644)
    return written


def _remove_inventory(spec: LabSpec) -> None:
    if spec.inventory is not None and _is_ours(Path(spec.inventory), spec):
        Path(spec.inventory).unlink()


def _is_ours(path: Path, spec: LabSpec | None) -> bool:
    return path.exists() and spec is not None and _sha256(path.read_bytes()) == spec.inventory_sha256


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _remove_folder(folder: Path) -> None:
    # Removing through a mount would remove what is mounted.
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    inside = [path for path in mounted if path.startswith(f"{folder}/")]
    if inside:
        raise KbootError(Code.LAB_LEFTOVER, f"still mounted: {', '.join(inside)}", advice="umount it, then run again")
    # Renamed first: `up` after a kill here must find whole disks or none.
    gone = folder / "gone"
    shutil.rmtree(gone, ignore_errors=True)
    if (folder / "hosts").is_dir():
        (folder / "hosts").rename(gone)
    shutil.rmtree(folder)
    for parent in (LABS, LABS.parent):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def each(act: Callable[[str], None], names: tuple[str, ...]) -> None:
    """Acts on all hosts side by side; the first error is raised when all have ended."""
    if names:
        with ThreadPoolExecutor(max_workers=len(names)) as pool:
            list(pool.map(act, names))
