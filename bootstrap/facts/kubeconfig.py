"""kubeconfig files in people's homes on a host, and the operator's own."""

import shlex
from dataclasses import dataclass

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output
from bootstrap.model.text import Secret


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """~/.kube/config of one account. `text` is None when there is no file; `mode` and `owner` are then empty.

    `linked` is the file behind a symbolic link; where that is not the account's own, what it holds is not looked at.
    """

    user: str
    group: str
    home: str
    has_folder: bool
    mode: str = ""
    owner: str = ""
    text: Secret | None = None
    linked: str = ""

    @property
    def path(self) -> str:
        """The file that kubectl reads."""
        return self.linked if self.owner and self.linked else f"{self.home.rstrip('/')}/.kube/config"

    @property
    def foreign(self) -> str:
        """What a link leads to that is no file of this account: somebody else's, or nothing at all."""
        return "" if self.owner else self.linked

    @property
    def is_private(self) -> bool:
        """Whether only its owner can read it, and the owner is this account."""
        return self.mode == "600" and self.owner == self.user


def _home(out: Output) -> Answer[HomeConfig]:
    if out.exit_code == ABSENT_CODE:
        return Absent("the login user has no account entry")
    account, folder, file, text = out.stdout.split("\n", 3)
    user, group, home = account.split(":")
    mode, owner, linked = [*file.split(" ", 2), "", "", ""][:3]
    secret = Secret(text) if owner else None
    return Known(HomeConfig(user, group, home, folder == "folder", mode, owner, secret, linked))


def _home_of(user: str) -> str:
    return (
        f'user={user}; entry=$(getent passwd "$user") || exit {ABSENT_CODE}; home=${{entry%:*}}; home=${{home##*:}}; '
        'echo "$user:$(id -gn "$user"):$home"; '
        '[ -d "$home/.kube" ] && echo folder || echo none; file=$home/.kube/config; '
        'link=; if [ -L "$file" ]; then link=" $(readlink -m "$file")"; '
        '[ "$(stat -L -c %U "$file" 2>/dev/null)" = "$user" ] || file=; fi; '
        'if [ -f "$file" ]; then echo "$(stat -L -c "%a %U" "$file")$link"; cat "$file"; '
        'elif [ -n "$link" ]; then echo " $link"; else echo; fi'
    )


ROOT_CONFIG: Fact[HomeConfig] = Fact("kubeconfig root", _home_of("root"), _home, answers=frozenset({0, ABSENT_CODE}))

# sudo(8) sets SUDO_USER to the account that logged in; without it, that account is root itself.
LOGIN_CONFIG: Fact[HomeConfig] = Fact(
    "kubeconfig login-user", _home_of("${SUDO_USER:-root}"), _home, answers=frozenset({0, ABSENT_CODE})
)


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file with credentials, and whether its mode is exactly 0600."""

    text: Secret
    is_private: bool


def private_file(path: str) -> Fact[PrivateFile]:
    """A file on the operator's machine (POSIX tools only: it may be a Mac); Absent when there is none."""
    quoted = shlex.quote(path)
    script = f'[ -f {quoted} ] || exit {ABSENT_CODE}; echo "$(find -L {quoted} -prune -perm 600)"; cat {quoted}'
    return Fact(f"private-file {path}", script, _private, answers=frozenset({0, ABSENT_CODE}))


def _private(out: Output) -> Answer[PrivateFile]:
    if out.exit_code == ABSENT_CODE:
        return Absent("no such file")
    found, text = out.stdout.split("\n", 1)
    return Known(PrivateFile(Secret(text), bool(found)))
