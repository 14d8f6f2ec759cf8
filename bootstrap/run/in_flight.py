"""An act is one transient systemd unit with one fixed name: it outlives a lost connection, and two never run at once.

systemd.exec(5): $SERVICE_RESULT, $EXIT_CODE and $EXIT_STATUS stand in the environment of ExecStopPost=, which runs also
after a SIGKILL. systemd-run(1): with --collect the unit's exit status is gone when it ended, hence the result file.
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, replace
from typing import Literal

from bootstrap.run.acting import Act, heredoc
from bootstrap.run.asking import NO_SCRATCH, UNIT, UNIT_FILE
from bootstrap.transport.connection import Completed

State = Literal["done", "failed", "busy", "lost", "fallen"]
WATCH_S = 900.0
_MARK = b"kboot-act "
_FOLDER = "/run/kboot"
_START_GRACE_S = 5.0
_TICK_S = 0.2
_LOG_SHOWN_BYTES = 6000


@dataclass(frozen=True)
class Outcome:
    """How an act ended. `at` is the action that it was at.

    busy: another act holds the host, ours did not start; lost: nobody knows how far it came (the host restarted), so
    only facts can say; fallen: the host cannot be reached any more.
    """

    state: State
    at: int | None = None
    evidence: str = ""


def new_id() -> str:
    """A name that no other act has."""
    return f"act-{secrets.token_hex(8)}"


def starting(act: Act) -> str:
    """Put the act on tmpfs and run it as the unit, waiting for its end. mkdir is the claim: see `recovering`."""
    return (
        f"act={_FOLDER}/{act.id}\numask 077\nmkdir -p {_FOLDER}\n"
        f'if mkdir "$act" 2>/dev/null; then\n{_files(act)}{_UNLESS_WHOLE}'
        f"systemd-run --unit={UNIT} --collect --quiet --wait --property=RuntimeMaxSec={act.limit_s:.0f} "
        '--property=TimeoutStopSec=10 "--property=ExecStopPost=/bin/sh $act/end.sh" '
        '/bin/sh "$act/act.sh" >"$act/start" 2>&1 </dev/null\n'
        f"fi\n{_watch(act.limit_s)}{_TELL}"
    )


def recovering(act_id: str, limit_s: float) -> str:
    """After a lost connection: wait for the act's end and tell it. When it never began, this mkdir keeps it from it."""
    return (
        f"act={_FOLDER}/{act_id}\numask 077\nmkdir -p {_FOLDER}\n"
        'if mkdir "$act" 2>/dev/null; then echo "kboot-act lost"; echo; exit 0; fi\n'
        f"{_watch(limit_s, grace_s=_START_GRACE_S)}{_TELL}"
    )


def directly(act: Act) -> str:
    """The act on the operator's own machine: no systemd there (it may be a Mac), the folder goes with the exec."""
    return (
        'act="$scratch/act"\numask 077\nmkdir "$act"\n'
        f"{_files(act)}{_UNLESS_WHOLE}"
        '/bin/sh "$act/act.sh"; code=$?\n'
        "if [ $code -eq 0 ]; then SERVICE_RESULT=success; else SERVICE_RESULT=exit-code; fi\n"
        f'EXIT_CODE=exited EXIT_STATUS=$code; . "$act/end.sh"\n{_TELL}'
    )


def watching() -> str:
    """Block until whatever act is in flight on this host has ended; bounded by WATCH_S."""
    return f"i=0; while [ -e {UNIT_FILE} ] && [ $i -lt {int(WATCH_S / _TICK_S)} ]; do sleep 0.2; i=$((i+1)); done\n"


def told(stdout: bytes) -> Outcome:
    """The outcome that `starting`, `recovering` or `directly` printed; `lost` when they printed none."""
    _, found, rest = stdout.partition(_MARK)
    line, _, rest = rest.partition(b"\n")
    word, _, at = line.decode(errors="replace").partition(" ")
    if not found or word not in {"done", "failed", "busy"}:
        return Outcome("lost")
    log = rest.partition(b"\n")[0]
    state: State = "done" if word == "done" else "failed" if word == "failed" else "busy"
    return Outcome(state, int(at) if at.isdigit() else None, _decoded(log))


def ended(completed: Completed) -> Outcome:
    """The outcome that an exec told; what kept an act from being written (a full disk) stands on its standard error."""
    outcome = told(completed.stdout)
    said = _undrawn(completed.stderr)[-_LOG_SHOWN_BYTES:]
    if completed.exit_code == NO_SCRATCH:
        return Outcome("failed", evidence=said)
    return replace(outcome, evidence=said) if outcome.state == "failed" and not outcome.evidence else outcome


def _files(act: Act) -> str:
    """Each file on its own, 0600. Both scripts learn the folder's name first."""
    contents = {**act.files, "act.sh": (_NAMED + act.script).encode(), "end.sh": (_NAMED + act.end).encode()}
    written = (heredoc(f'"$act/{name}"', content) for name, content in contents.items())
    return "whole=1\n" + "".join(f"{one}[ $? -eq 0 ] || whole=\n" for one in written)


# On a full disk a script may be cut anywhere, even in the middle of a path: it must not start.
_UNLESS_WHOLE = '[ "$whole" ] || { rm -rf "$act"; echo "kboot-act failed"; echo; exit 0; }\n'
_NAMED = "act=${act:-${0%/*}}\n"

# systemd-run itself may end early (systemd is upgraded under it): the act's own files and the unit's count. systemd
# forgets the unit a moment after its end; until then what is asked next would be taken for an answer during the act.
_WATCH = f"""\
i=0; gone=0
while [ ! -e "$act/result" ] && [ $i -lt {{ticks}} ]; do
    if [ ! -e "$act/at" ]; then [ $i -lt {{grace_ticks}} ] || break
    elif [ ! -e {UNIT_FILE} ]; then gone=$((gone+1)); [ $gone -lt 5 ] || break; fi
    sleep 0.2; i=$((i+1))
done
i=0; while [ -e "$act/result" ] && [ -e {UNIT_FILE} ] && [ $i -lt 40 ]; do sleep 0.05; i=$((i+1)); done
"""

_TELL = f"""\
at=; [ -e "$act/at" ] && read -r at <"$act/at"
result=; [ -e "$act/result" ] && read -r result <"$act/result"
start=; [ -e "$act/start" ] && read -r start <"$act/start"
case "$result:$at:$start" in
    "success "*) told=done ;;
    :*:*"already loaded"* | :*:*"already exists"*) told=busy ;;
    ::*) told=failed ;;
    :*) told=lost ;;
    *) told="failed $at" ;;
esac
echo "kboot-act $told"
[ "$told" = done ] || {{
    {{ [ -e "$act/log" ] && tail -c {_LOG_SHOWN_BYTES} "$act/log"; [ -n "$result" ] || echo "$start"
      case $result in "" | "exit-code "*) ;; *) echo "the act was ended: $result" ;; esac; }} | base64 | tr -d '\\n'
    echo
    [ "$result$at" ] || rm -rf "$act"
    exit 0
}}
"""


def _watch(limit_s: float, *, grace_s: float = 0.0) -> str:
    return _WATCH.format(ticks=int(limit_s / _TICK_S), grace_ticks=int(grace_s / _TICK_S))


# Colours and cursor moves of programs that draw (ctr's progress): they are not to reach the operator's terminal.
_DRAWING = re.compile(r"(\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _decoded(log: bytes) -> str:
    try:
        return _undrawn(base64.b64decode(log).decode(errors="replace"))
    except (binascii.Error, ValueError):
        return ""


def _undrawn(words: str) -> str:
    return _DRAWING.sub("", words).strip()
