"""Step kubeconfig-fetched."""

from bootstrap.facts.files import file_secret
from bootstrap.facts.kubeconfig import PrivateFile, private_file
from bootstrap.facts.kubectl import ADMIN_CONF
from bootstrap.model.action import WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Later, Satisfied
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.kubeconfig import Access, KubeconfigError
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import Secret, text
from bootstrap.steps.unread import unread

ADMIN = file_secret(ADMIN_CONF)


class KubeconfigFetched(Step):
    """The operator has the admin's kubeconfig of this cluster, 0600, in kboot's own folder.

    Its server is the cluster's endpoint, or where there is none the address at which SSH reaches the control plane:
    both stand in the API server's certificate. The operator's own ~/.kube/config is never touched by a run.
    """

    follows = ("control-plane-initialised",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        first = target.inventory.first_control_plane.name
        return (Question(first, ADMIN), *target.questions(_own(target)))

    def decide(self, target: Target, facts: Facts) -> Decision:
        admin = facts(target.inventory.first_control_plane.name, ADMIN)
        own = facts(target.asked, _own(target))
        if waiting := unread(admin, own):
            return waiting
        if not isinstance(admin, Known):
            return Later("control-plane-initialised", "the admin's kubeconfig for the operator")
        try:
            access = Access.of(admin.value.value, target.inventory.cluster.name).at(_server(target))
        except KubeconfigError as error:
            return Later("control-plane-initialised", f"admin.conf cannot be read: {error}")
        wanted, path = access.document(), target.wanted.run.kubeconfig_path
        if isinstance(own, Known) and own.value == PrivateFile(Secret(wanted), is_private=True):
            return Satisfied(path)
        return Change(f"write {path}", (WriteFile(path, text(Secret(wanted)), 0o600, guarded=False),))


def _own(target: Target) -> Fact[PrivateFile]:
    return private_file(target.wanted.run.kubeconfig_path)


def _server(target: Target) -> str:
    inventory = target.inventory
    port = inventory.endpoint.rpartition(":")[2]
    reached = inventory.first_control_plane.address
    return f"https://{inventory.endpoint}" if inventory.cluster.endpoint else f"https://{reached}:{port}"
