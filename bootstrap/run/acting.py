"""Actions to one shell script, complete before it starts; secrets travel in files beside it, never in its text."""

import base64
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.model.text import Secret, text
from bootstrap.transport.shell import ROOT_PATH

_SLACK_S = 60.0
_KILL_AFTER_S = 5.0

_FUNCTIONS = """\
exec >"$act/log" 2>&1 </dev/null
umask 022
cd /
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
command -v timeout >/dev/null 2>&1 || timeout() { shift 3; "$@"; }
at() { echo "$1" >"$act/at"; }
die() { echo "$*"; exit 1; }
ended() {
    code=$1; shift
    for ok; do [ "$code" = "$ok" ] && return; done
    [ "$code" = 124 ] && die "ended by kboot: its time was over"
    die "exit code $code"
}
digest() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -c1-64; }
unedited() {
    case $2 in
        any) ;;
        none) [ ! -e "$1" ] || die "$1 appeared since it was asked for; nothing was overwritten" ;;
        *) [ "$(digest "$1")" = "$2" ] || die "$1 changed since it was read; nothing was overwritten" ;;
    esac
}
place() {
    { [ -z "$owner" ] || chown "$owner" "$1"; } && chmod "$mode" "$1" && { sync "$1" 2>/dev/null || sync; } &&
    mv -f "$1" "$2" || die "cannot write $2"
}
"""

# The folders of earlier acts go here, where the unit's name already keeps every other act out.
_AS_ROOT = f"""\
export PATH={ROOT_PATH} HOME=/root
for old in "${{act%/*}}"/act-*; do [ "$old" = "$act" ] || rm -rf "$old"; done
"""


@dataclass(frozen=True)
class Act:
    """All that one step does on one host. `files` are small contents by their name in the act's folder."""

    id: str
    script: str
    end: str
    files: Mapping[str, bytes]
    limit_s: float


def shown(action: Action) -> str:
    """An action in a few words, for a person; secrets are masked."""
    match action:
        case Run(argv):
            return shlex.join(argv)[:200]
        case WriteFile(path):
            return f"write {path}"
        case RemoveFile(path):
            return f"remove {path}"
        case PutBlob(_, _, path):
            return f"put {path}"


def staged(blob: PutBlob) -> str:
    """Where the bytes of a blob wait for the act: beside their place, so that the move is atomic."""
    return f"{blob.path}.kboot-{blob.sha256[:12]}"


def render(
    act_id: str,
    actions: Sequence[Action],
    vault: Mapping[str, Secret],
    *,
    carried: Mapping[str, bytes] = MappingProxyType({}),
    operator: bool = False,
) -> Act:
    """The actions as a script that stops at the first failure. On the operator's machine files stay whose kboot is.

    `carried` are small blobs by digest: they travel with the script, the others wait where `staged` says.
    Raises KeyError when a text names a secret that the vault lacks.
    """
    lines: list[str] = [_FUNCTIONS, "" if operator else _AS_ROOT]
    files: dict[str, bytes] = {}
    for number, action in enumerate(actions):
        content = _content(action, vault, carried)
        if content is not None:
            files[f"f{number}"] = content
        lines.append(f"at {number}")
        lines.extend(_lines(action, f'"$act/f{number}"' if content is not None else None, owned=not operator))
    limit_s = _SLACK_S + sum(action.timeout_s + _KILL_AFTER_S for action in actions if isinstance(action, Run))
    return Act(act_id, "\n".join([*lines, ""]), _end(actions, files), files, limit_s)


def heredoc(path: str, content: bytes) -> str:
    """Shell that writes `content` to `path` (already quoted), byte for byte."""
    return f"base64 -d >{path} <<'.'\n{base64.encodebytes(content).decode()}.\n"


def _content(action: Action, vault: Mapping[str, Secret], carried: Mapping[str, bytes]) -> bytes | None:
    match action:
        case Run(stdin=given):
            return given.resolve(vault).encode() if given is not None else None
        case WriteFile(text=whole):
            return whole.resolve(vault).encode()
        case PutBlob(sha256):
            return carried.get(sha256)
        case RemoveFile():
            return None


def _lines(action: Action, source: str | None, *, owned: bool) -> list[str]:
    match action:
        case Run(argv, _, timeout_s, ok):
            command = f"timeout -k {_KILL_AFTER_S:g} {timeout_s:g} {shlex.join(argv)} <{source or '/dev/null'}"
            return [command, f"ended $? {' '.join(str(code) for code in sorted(ok))}"]
        case WriteFile(path):
            return _write(action, path, source or "/dev/null", owned=owned)
        case RemoveFile(path):
            return [f"rm -f -- {shlex.quote(path)} || die cannot remove {shlex.quote(path)}"]
        case PutBlob(sha256, _, path) if source:
            right = f'[ "$(digest {source})" = {sha256} ] || die {shlex.quote(path)} did not arrive as promised'
            return [right, *_write(WriteFile(path, text(), guarded=False), path, source, owned=owned)]
        case PutBlob(_, _, path):
            here, there = shlex.quote(staged(action)), shlex.quote(path)
            owner = "root:root" if owned else ""
            return [f"[ ! -e {here} ] || {{ mode=644 owner={owner}; place {here} {there}; }}"]


def _write(action: WriteFile, path: str, source: str, *, owned: bool) -> list[str]:
    """Mode and owner before the file appears under its name; the content is never readable by others in between."""
    there, new = shlex.quote(path), shlex.quote(unfinished(path))
    expected = (action.replaces_sha256 or "none") if action.guarded else "any"
    owner = shlex.quote(action.owner) if owned else ""
    return [
        f"unedited {there} {expected}",
        f"mkdir -p {shlex.quote(_folder(path))} && (umask 077; cat {source} >{new}) || die cannot write {there}",
        f"mode={action.mode:o} owner={owner}; place {new} {there}",
    ]


def unfinished(path: str) -> str:
    """The name of a file while it is written: hidden, so that no folder of `*.conf` takes it for one."""
    return f"{_folder(path)}.kboot-new.{path.rpartition('/')[2]}"


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _end(actions: Sequence[Action], files: Mapping[str, bytes]) -> str:
    """What runs when the act ended in whatever way: the result is kept, script, secrets and half-written files go."""
    halves = [shlex.quote(unfinished(action.path)) for action in actions if isinstance(action, WriteFile | PutBlob)]
    ours = [f'"$act/{name}"' for name in (*files, "act.sh", "end.sh")]
    return (
        f"rm -f -- {' '.join([*halves, *ours])}\n"
        'echo "$SERVICE_RESULT $EXIT_CODE $EXIT_STATUS" >"$act/result.new" && mv "$act/result.new" "$act/result"\n'
    )
