"""Step join-tokens-revoked."""

from bootstrap.facts.tokens import TOKENS
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.kubectl import SYSTEM, kubectl
from bootstrap.steps.token import DESCRIBES_OURS
from bootstrap.steps.unread import unread


class JoinTokensRevoked(Step):
    """No token that a run of kboot made is in the cluster; the user's own tokens are left alone.

    A bootstrap token lets whoever has it register nodes (kubernetes.io/docs/reference/access-authn-authz/
    bootstrap-tokens). Those of runs that were killed are known by their description.
    """

    follows = ("worker-joined",)
    settle_s = 10.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(TOKENS)

    def decide(self, target: Target, facts: Facts) -> Decision:
        tokens = facts(target.asked, TOKENS)
        if waiting := unread(tokens):
            return waiting
        found = tokens.value if isinstance(tokens, Known) else ()
        names = [f"bootstrap-token-{token.id}" for token in found if token.description.startswith(DESCRIBES_OURS)]
        if not names:
            return Satisfied()
        delete = kubectl("-n", SYSTEM, "delete", "secret", "--ignore-not-found", *names)
        return Change(f"revoke {', '.join(name.rpartition('-')[2] for name in names)}", (delete,))
