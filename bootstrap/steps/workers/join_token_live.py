"""Step join-token-live."""

import json

from bootstrap.facts.nodes import NODES
from bootstrap.facts.tokens import TOKENS
from bootstrap.model.action import Run
from bootstrap.model.answer import Known
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.kubeadm import TOKEN_GROUP, TOKEN_USAGES
from bootstrap.model.target import Target
from bootstrap.model.text import SecretRef, text
from bootstrap.steps.control_plane.drift import drift
from bootstrap.steps.kubectl import SYSTEM, applied, cluster_objects
from bootstrap.steps.token import DESCRIPTION, LEAST_LEFT_S, LIFETIME_WORDS
from bootstrap.steps.unread import unread
from bootstrap.steps.workers import membership

_EXPIRES = "@expires@"


class JoinTokenLive(Step):
    """While any worker is not in the cluster, this run's bootstrap token lives, with five minutes left.

    A bootstrap token is a Secret in kube-system (kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens);
    `kubeadm token create VALUE` would show it in its argv, so the Secret goes by stdin.
    """

    follows = ("control-plane-initialised",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        hosts = [one for host in target.inventory.workers for one in membership.questions(target, host)]
        return (*target.questions(NODES, TOKENS, cluster_objects(target.wanted)), *hosts)

    def decide(self, target: Target, facts: Facts) -> Decision:
        nodes, tokens = facts(target.asked, NODES), facts(target.asked, TOKENS)
        objects = facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(nodes, tokens, objects):
            return waiting
        if not (isinstance(nodes, Known) and isinstance(tokens, Known) and isinstance(objects, Known)):
            first = target.machine.name
            return Later("control-plane-initialised", f"workers join once there is a control plane on {first}")
        drifted = drift(target.wanted, objects.value, nodes.value)
        if isinstance(drifted, Blocked):
            return drifted
        joining = [
            host.name
            for host in target.inventory.workers
            if not (membership.is_out_of_reach(host, facts) or membership.is_member(host, nodes.value, facts))
        ]
        if not joining:
            return Satisfied("every worker is in the cluster", drifted.remark)
        run = target.wanted.run
        if any(token.id == run.token_id and token.lives(LEAST_LEFT_S) for token in tokens.value):
            return Satisfied(f"token {run.token_id}", drifted.remark)
        return Change(f"make token {run.token_id} for {', '.join(joining)}", (_made(run.token_id, run.run_id),))


def _made(token_id: str, run_id: str) -> Run:
    """The Secret by stdin; its end is reckoned by the control plane's clock, which is the one that will judge it."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"bootstrap-token-{token_id}", "namespace": SYSTEM},
        "type": "bootstrap.kubernetes.io/token",
        "stringData": {
            "description": DESCRIPTION.format(run=run_id),
            "token-id": token_id,
            "token-secret": "@secret@",
            "expiration": _EXPIRES,
            **{f"usage-bootstrap-{usage}": "true" for usage in TOKEN_USAGES},
            "auth-extra-groups": TOKEN_GROUP,
        },
    }
    before, _, after = json.dumps(secret, indent=1).partition("@secret@")
    expires = f"$(date -u -d '+{LIFETIME_WORDS}' +%Y-%m-%dT%H:%M:%SZ)"
    apply = " ".join(applied(text()).argv)
    manifest = text(before, SecretRef("join-token-secret"), after, "\n")
    return Run(("sh", "-c", f'sed "s/{_EXPIRES}/{expires}/" | {apply}'), manifest, timeout_s=60)
