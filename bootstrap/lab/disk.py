"""A new host's disk: its own files, laid as the upper layer over the shared base."""

import os
import shutil
from pathlib import Path

from bootstrap.lab.command import run
from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.mirror import PACKAGES_URL, MirrorState
from bootstrap.lab.nspawn import REAL_DIRECTORIES
from bootstrap.lab.provision import Credentials, host_files, mirror_files
from bootstrap.lab.recipe import release_of
from bootstrap.lab.spec import HostSpec, LabSpec
from bootstrap.lab.state import HostState, LabState
from bootstrap.lab.troubles.trouble import Birth

SHADOW_GROUP = 42
POWER_ON_SOURCE = Path(__file__).with_name("power-on.sh")


def ensure_client_key(lab: LabState) -> None:
    """The key with which the hosts' user is reached."""
    if not lab.client_key.with_suffix(".pub").exists():
        _make_key(lab.client_key, f"kboot-lab-{lab.folder.name}")


def ensure_disk(lab: LabState, spec: LabSpec, host: HostSpec, base: Path, password_hash: str | None) -> None:
    """Writes the host's disk unless it has one. It appears under its name in one step, so a kill leaves none or all."""
    state = lab.host(host.name)
    if state.upper.is_dir():
        return
    fresh = state.folder / "upper.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in (fresh, state.folder / "work", state.root, *(state.folder / name for name in REAL_DIRECTORIES)):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (fresh, state.root):
        folder.chmod(0o755)
    secrets = _credentials(lab, state, host, password_hash)
    birth = Birth(spec, host, lambda path: (base / path.lstrip("/")).read_text())
    files = host_files(birth, secrets, POWER_ON_SOURCE.read_text())
    for file in (*files, *_package_source(lab, spec)):
        lay(file, fresh, base)
    fresh.rename(state.upper)


def _package_source(lab: LabState, spec: LabSpec) -> list[HostFile]:
    if not spec.mirrors:
        return []
    return mirror_files(PACKAGES_URL, release_of(spec.os), MirrorState(lab).tree.key.read_text())


def lay(file: HostFile | HostLink, upper: Path, base: Path) -> None:
    """Writes one file; folders above it look as they do in the base, for the upper layer's folders win."""
    at = upper / file.path.lstrip("/")
    owner = file.owner if isinstance(file, HostFile) else 0
    for folder in reversed(at.relative_to(upper).parents):
        _like_base(upper / folder, base / folder, owner if folder.name.startswith(".") else 0)
    if isinstance(file, HostLink):
        at.symlink_to(file.target)
        return
    at.write_text(file.text)
    os.chown(at, file.owner, SHADOW_GROUP if file.path == "/etc/shadow" else file.owner)
    at.chmod(file.mode)


def _like_base(folder: Path, model: Path, owner: int) -> None:
    if folder.is_dir():
        return
    folder.mkdir()
    if model.is_dir():
        known = model.stat()
        os.chown(folder, known.st_uid, known.st_gid)
        folder.chmod(known.st_mode & 0o7777)
    else:
        os.chown(folder, owner, owner)
        folder.chmod(0o700 if owner else 0o755)


def _credentials(lab: LabState, state: HostState, host: HostSpec, password_hash: str | None) -> Credentials:
    key = state.folder / "ssh_host_ed25519_key"
    _make_key(key, f"root@{host.name}")
    public = state.host_key.read_text()
    return Credentials(lab.client_key.with_suffix(".pub").read_text(), key.read_text(), public, password_hash)


def _make_key(path: Path, comment: str) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".pub").unlink(missing_ok=True)
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)])


def password_hash(lab: LabState) -> str | None:
    """crypt(5) hash of the lab's sudo password; None when the lab has none. The password goes by stdin."""
    if not lab.sudo_password.exists():
        return None
    return run(["openssl", "passwd", "-6", "-stdin"], stdin=lab.sudo_password.read_text()).strip()
