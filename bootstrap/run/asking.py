"""Facts to one script, and what the script printed to answers."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bootstrap.model.answer import Answer, Unreadable
from bootstrap.model.fact import Fact, Output

UNIT = "kboot-act.service"
UNIT_FILE = f"/run/systemd/transient/{UNIT}"  # systemd keeps a transient unit's file here for as long as it is loaded
HOST_SCRATCH = "/run/kboot-ask.XXXXXX"
NO_SCRATCH = 71  # EX_OSERR of sysexits.h: there is no folder to work in, and nothing was begun
OPERATOR_SCRATCH = "${TMPDIR:-/tmp}/kboot-ask.XXXXXX"

_MARK = b"kboot-answers "
_GRACE_S = 3.0
_STDERR_SHOWN_BYTES = 2048
_KILLED = 137

_OPENING = """\
scratch=$(mktemp -d "{scratch}") || exit {no_scratch}
trap 'cd /; rm -rf "$scratch"' EXIT
trap 'leave' HUP INT TERM PIPE
cd "$scratch" || exit {no_scratch}
asked= numbers= guard=
leave() {{ trap '' HUP INT TERM PIPE; overdue $numbers; [ -z "$guard" ] || kill $guard 2>/dev/null; exit 143; }}
ask() {{
    numbers="$numbers $1"
    ( trap "echo \\$? >\\"\\$scratch/$1.rc\\"" EXIT; eval "$2" ) >"$1.out" 2>"$1.err" </dev/null &
    asked="$asked $!"; eval "asked_$1=$!"
}}
end() {{
    for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do end "$child"; done
    kill -KILL "$1" 2>/dev/null
}}
overdue() {{ for number; do [ -e "$number.rc" ] || eval "end \\$asked_$number"; done; }}
nap() {{ sleep "$1" & nap=$!; wait $nap || exit; }}
"""
# One guard keeps all deadlines: timeout(1) for each fact would double what a converged run costs. It also ends the
# shell that waits for a process which not even SIGKILL can end (a dead mount): one never holds the others' answers.
_ASKING = """\
flight=0; [ -e {unit_file} ] && flight=1
{questions}
( trap 'kill $nap; exit' TERM
{deadlines}
) >/dev/null 2>&1 </dev/null &
guard=$!
[ -z "$asked" ] || wait $asked
kill $guard 2>/dev/null; guard=
set --
for rc in *.rc; do [ -e "$rc" ] && set -- "$@" "$rc" "${{rc%.rc}}.out" "${{rc%.rc}}.err"; done
echo "kboot-answers $flight"
[ $# -eq 0 ] || {{ wc -c "$@"; cat "$@"; }}
"""


@dataclass(frozen=True)
class Reply:
    """What one exec told. `in_flight`: an act runs on the host, so nothing may be decided on these answers."""

    answers: tuple[Answer[Any], ...]
    in_flight: bool


def opening(*, operator: bool) -> str:
    """The head of every script: a scratch folder (on a host on tmpfs) that goes when the exec ends, and `ask`.

    A shell that a signal ends leaves its EXIT trap out; PIPE is the one that comes when the link breaks. What was asked
    by then is ended too: nobody waits for it any more, and its guard would live on to the last deadline.
    A fact runs in a subshell: a new `sh` for each would be a tenth of all that asking costs a host.
    """
    return _OPENING.format(scratch=OPERATOR_SCRATCH if operator else HOST_SCRATCH, no_scratch=NO_SCRATCH)


def asking(facts: Sequence[Fact[Any]]) -> str:
    """Ask all facts side by side, each with its own deadline; one fork a fact and two for all the printing.

    The last is asked first: a playbook ends with what asks the API server, which takes longest.
    """
    questions = "\n".join(
        f"ask {number} {shlex.quote(fact.script)} # {json.dumps(fact.name)}"
        for number, fact in reversed(list(enumerate(facts)))
    )
    return _ASKING.format(questions=questions, deadlines=_deadlines(facts), unit_file=UNIT_FILE)


def _deadlines(facts: Sequence[Fact[Any]]) -> str:
    """The guard's lines: sleep until the next deadline, end the facts that have not answered by then."""
    lines, slept_s = ["nap=;"], 0.0
    for deadline_s in sorted({fact.deadline_s for fact in facts}):
        numbers = [str(number) for number, fact in enumerate(facts) if fact.deadline_s == deadline_s]
        lines.append(f"nap {deadline_s - slept_s:g}; overdue {' '.join(numbers)}")
        slept_s = deadline_s
    return "\n".join(lines)


def patience_s(facts: Sequence[Fact[Any]]) -> float:
    """How long the asking may take on the host, in seconds."""
    return max((fact.deadline_s for fact in facts), default=0.0) + _GRACE_S


def read(facts: Sequence[Fact[Any]], stdout: bytes) -> Reply:
    """The answers in the order of `facts`. What is missing or cut is Unreadable; raises on no input."""
    _, found, rest = stdout.partition(_MARK)
    flight, _, body = rest.partition(b"\n")
    files = dict(_files(body)) if found else {}
    return Reply(tuple(_answer(fact, number, files) for number, fact in enumerate(facts)), flight.strip() == b"1")


def _files(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The scratch folder's files: a table `SIZE NAME` by wc that ends with `total`, then their bytes."""
    sizes: list[tuple[str, int]] = []
    while body:
        line, _, body = body.partition(b"\n")
        size, _, name = line.decode(errors="replace").strip().partition(" ")
        if name == "total" or not size.isdigit():
            break
        sizes.append((name.strip(), int(size)))
    start = 0
    for name, length in sizes:
        yield name, body[start : start + length]
        start += length


def _answer(fact: Fact[Any], number: int, files: Mapping[str, bytes]) -> Answer[Any]:
    code = files.get(f"{number}.rc", b"").strip()
    if not code.isdigit() or int(code) == _KILLED:
        return Unreadable(f"{fact.name}: no answer in {fact.deadline_s:g} s")
    stdout = files.get(f"{number}.out", b"").decode(errors="replace")
    stderr = files.get(f"{number}.err", b"")[-_STDERR_SHOWN_BYTES:].decode(errors="replace")
    return fact.read(Output(int(code), stdout, stderr))
