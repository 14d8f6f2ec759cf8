"""The key that signs a bundle's apt repository: made once per machine that builds bundles, kept 0700 in the cache."""

from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.command import output_of

_OWNER = "kboot bundle (this machine's own key)"
_GPG = ("gpg", "--batch", "--no-tty", "--quiet")


@dataclass(frozen=True)
class SigningKey:
    """A GnuPG home of its own with one ed25519 key, without passphrase: what guards it is the folder's mode."""

    home: Path
    fingerprint: str

    @classmethod
    def at(cls, home: Path) -> "SigningKey":
        """The key kept at `home`, made when there is none. Raises KB1207."""
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
        fingerprint = _fingerprint(home)
        if not fingerprint:
            _gpg(home, "--passphrase", "", "--quick-generate-key", _OWNER, "ed25519", "sign", "never")
            _gpg_agent_ends(home)
            fingerprint = _fingerprint(home)
        return cls(home, fingerprint)

    def export(self, armoured: Path, binary: Path) -> None:
        """Write the public key, for people and for `signed-by=`."""
        _gpg(self.home, "--yes", "--output", str(binary), "--export", self.fingerprint)
        _gpg(self.home, "--yes", "--armor", "--output", str(armoured), "--export", self.fingerprint)

    def clearsign(self, source: Path, target: Path) -> None:
        """Write `source` with its signature around it."""
        _gpg(self.home, "--yes", "--clearsign", "--output", str(target), str(source))
        _gpg_agent_ends(self.home)


def _fingerprint(home: Path) -> str:
    lines = _gpg(home, "--with-colons", "--list-secret-keys").splitlines()
    found = [line.split(":")[9] for line in lines if line.startswith("fpr:")]
    return found[0] if found else ""


def _gpg(home: Path, *arguments: str) -> str:
    return output_of([*_GPG, *arguments], env={"GNUPGHOME": str(home)}, timeout_s=120)


def _gpg_agent_ends(home: Path) -> None:
    """gpg leaves an agent behind for every home; nothing of a build may outlive it."""
    output_of(["gpgconf", "--kill", "all"], env={"GNUPGHOME": str(home)}, timeout_s=30)
