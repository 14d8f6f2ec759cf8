"""Image registries as a host reaches them.

Source: OCI distribution-spec v1.1 ("Pulling manifests", HEAD); an anonymous token by the challenge of a 401, as ghcr.io
and docker.io want one (distribution.github.io/distribution/spec/auth/token).
"""

from dataclasses import dataclass
from hashlib import sha256

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

HERE = "here"
_TYPES = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The HTTP status of an image's manifest: `here` when the host has the image, 000 when nobody answered; and why."""

    status: str
    error: str

    @property
    def found(self) -> bool:
        """Whether the host has it, or can have it."""
        return self.status in {HERE, "200"}


_FUNCTIONS = f"""\
here=$(ctr --connect-timeout 2s -n k8s.io images ls -q 2>/dev/null)
head() {{ curl -sSIL --connect-timeout 5 --max-time 12 -H 'Accept: {_TYPES}' -w '%{{http_code}}\\n' "$@" 2>"$err"; }}
field() {{ printf '%s\\n' "$challenge" | sed -n "s/.*$1=\\"\\([^\\"]*\\)\\".*/\\1/p"; }}
token() {{
    challenge=$(printf '%s\\n' "$reply" | tr -d '\\r' |
        sed -n 's/^[Ww][Ww][Ww]-[Aa]uthenticate: Bearer //p' | tail -n 1)
    [ -n "$challenge" ] || return
    curl -sS --connect-timeout 5 --max-time 12 "$(field realm)?service=$(field service)&scope=repository:$1:pull" \\
        2>"$err" | sed -n 's/.*"token" *: *"\\([^"]*\\)".*/\\1/p'
}}
image() {{
    case "
$here
" in *"
$2
"*) echo "$2 {HERE}"; return ;; esac
    err=registry.$1.err
    reply=$(head "$3"); status=${{reply##*
}}
    if [ "$status" = 401 ] && pass=$(token "$4") && [ -n "$pass" ]; then
        reply=$(printf 'Authorization: Bearer %s\\n' "$pass" | head -H @- "$3"); status=${{reply##*
}}
    fi
    echo "$2 ${{status:-000}} $(tr '\\n' ' ' <"$err")"
}}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image's manifest is: its URL, and the name of its repository there."""

    reference: str
    url: str
    repository: str


def registry_replies(role: str, places: tuple[Place, ...]) -> Fact[dict[str, Reply]]:
    """Image -> what its registry says, for those that the host lacks; a host that has them all asks nobody."""
    asked = "".join(
        f"image {number} '{place.reference}' '{place.url}' '{place.repository}' &\n"
        for number, place in enumerate(places)
    )
    script = f"{_FUNCTIONS}{asked}wait\n"
    name = f"registry-replies {role} {sha256(asked.encode()).hexdigest()[:8]}"
    return Fact(name, script, _replies, deadline_s=45.0)


def _replies(out: Output) -> Answer[dict[str, Reply]]:
    rows = (line.split(" ", 2) for line in out.stdout.splitlines())
    return Known({row[0]: Reply(row[1], row[2].strip() if len(row) > 2 else "") for row in rows})
