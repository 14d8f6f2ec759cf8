"""Pods that are not as they should be, and why."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.facts.kubectl import asked_with_kubectl
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class UnreadyPod:
    """A pod that has not ended and is not Ready. `node` is empty while it has none; `why` is Kubernetes' own word."""

    namespace: str
    name: str
    node: str
    phase: str
    why: str = ""


_WAITING = (
    '{{with .state.waiting}}why{{"\\t"}}{{.reason}}{{"\\t"}}{{with .message}}{{printf "%q" .}}{{end}}{{"\\n"}}{{end}}'
)
_LAST = '{{with .lastState.terminated}}last{{"\\t"}}{{.reason}}{{"\\t"}}{{.exitCode}}{{"\\n"}}{{end}}'
# kubectl looks for the few; a hundred nodes have a thousand pods (text/template; nil is what a missing field is).
_TEMPLATE = (
    '{{range .items}}{{$ready := "False"}}{{range .status.conditions}}{{if eq .type "Ready"}}{{$ready = .status}}'
    '{{end}}{{end}}{{if eq .status.phase "Succeeded"}}{{else if ne $ready "True"}}'
    'pod{{"\\t"}}{{.metadata.namespace}}{{"\\t"}}{{.metadata.name}}{{"\\t"}}{{with .spec.nodeName}}{{.}}{{end}}'
    '{{"\\t"}}{{.status.phase}}{{"\\n"}}'
    '{{with .metadata.deletionTimestamp}}why{{"\\t"}}Terminating{{"\\t"}}{{"\\n"}}{{end}}'
    '{{with .status.reason}}why{{"\\t"}}{{.}}{{"\\t"}}{{"\\n"}}{{end}}'
    '{{range .status.conditions}}{{if eq .type "PodScheduled"}}{{if eq .status "False"}}'
    'why{{"\\t"}}{{.reason}}{{"\\t"}}{{with .message}}{{printf "%q" .}}{{end}}{{"\\n"}}{{end}}{{end}}{{end}}'
    f"{{{{range .status.initContainerStatuses}}}}{_WAITING}{_LAST}{{{{end}}}}"
    f"{{{{range .status.containerStatuses}}}}{_WAITING}{_LAST}{{{{end}}}}"
    "{{end}}{{end}}"
)


def _pods(out: Output) -> Answer[tuple[UnreadyPod, ...]]:
    return Known(tuple(_read(out.stdout)))


def _read(text: str) -> Iterator[UnreadyPod]:
    for part in text.split("pod\t")[1:]:
        head, *rest = part.splitlines()
        namespace, name, node, phase = head.split("\t")
        yield UnreadyPod(namespace, name, node, phase, _why(rest))


def _why(lines: list[str]) -> str:
    """What tells most: the first reason with its words, and how the container's last life ended."""
    fields = [line.split("\t", 2) for line in lines]
    waits = [(reason, _plain(words)) for word, reason, words in fields if word == "why"]
    ends = [f"last ended with {reason}, exit code {code}" for word, reason, code in fields if word == "last"]
    if not waits:
        return ends[0] if ends else ""
    reason, words = next(((reason, words) for reason, words in waits if reason != "PodInitializing"), waits[0])
    said = f"{reason}: {words}" if words else reason
    return f"{said} ({ends[0]})" if ends else said


def _plain(quoted: str) -> str:
    """Go's %q is JSON but for a few escapes; then the quotes alone go."""
    if not quoted:
        return ""
    try:
        return " ".join(str(json.loads(quoted)).split())
    except ValueError:
        return quoted.strip('"')


UNREADY_PODS: Fact[tuple[UnreadyPod, ...]] = asked_with_kubectl(
    "unready-pods", f"k get pods -A -o go-template={shlex.quote(_TEMPLATE)}", _pods
)
