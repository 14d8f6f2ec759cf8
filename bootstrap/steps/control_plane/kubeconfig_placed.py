"""Step kubeconfig-placed."""

from bootstrap.facts.files import file_secret
from bootstrap.facts.kubeconfig import LOGIN_CONFIG, ROOT_CONFIG, HomeConfig
from bootstrap.facts.kubectl import ADMIN_CONF
from bootstrap.model.action import Action, Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, strongest
from bootstrap.model.fact import Facts, Question
from bootstrap.model.kubeconfig import Access, KubeconfigError, foreign, merged, own_servers
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import Secret, text
from bootstrap.steps.unread import unread

ADMIN = file_secret(ADMIN_CONF)


class KubeconfigPlaced(Step):
    """On the control plane `kubectl` works for root and the SSH user: ~/.kube/config of both (0600) has the cluster.

    admin.conf is root's alone, hence a copy in each home (kubernetes.io/docs/setup/production-environment/tools/
    kubeadm/create-cluster-kubeadm, "To make kubectl work for your non-root user"). A file that is there keeps what it
    has; an entry of ours is known by its CA or its server, so a cluster that was made anew takes its old one's place.
    A link is written through to a file of the account's own, and else left alone.
    """

    follows = ("control-plane-initialised",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(ADMIN, ROOT_CONFIG, LOGIN_CONFIG)

    def decide(self, target: Target, facts: Facts) -> Decision:
        admin, root, login = (facts(target.asked, fact) for fact in (ADMIN, ROOT_CONFIG, LOGIN_CONFIG))
        if waiting := unread(admin, root, login):
            return waiting
        homes = {one.value.path: one.value for one in (root, login) if isinstance(one, Known)}
        if not homes:
            return Blocked(
                Code.LOGIN_USER_UNKNOWN,
                f"neither root nor the login user has a home on {target.machine.name}",
                "See `getent passwd root` there.",
            )
        name = target.inventory.cluster.name
        if not isinstance(admin, Known):
            to_be = Access(name, {"server": f"https://{target.inventory.endpoint}"}, {})
            later = Later("control-plane-initialised", "kubeconfigs of root and the SSH user, made from admin.conf")
            return next((taken for home in homes.values() if (taken := _taken(target, to_be, home))), later)
        try:
            access = Access.of(admin.value.value, name)
        except KubeconfigError as error:
            return Later("control-plane-initialised", f"admin.conf cannot be read: {error}")
        return strongest(_taken(target, access, home) or _placed(access, home) for home in homes.values())


def _taken(target: Target, access: Access, home: HomeConfig) -> Blocked | None:
    """Told before init already: an entry of another cluster under our names is never replaced, nor anybody's link."""
    if home.foreign and not (home.user == "root" and home.foreign == ADMIN_CONF):
        return _astray(target, home)
    try:
        why = foreign(home.text.value, access, own_servers(target.inventory)) if home.text else ""
    except KubeconfigError as error:
        return _unusable(home, error)
    if not why:
        return None
    return Blocked(
        Code.KUBECONFIG_OTHERS,
        f"{home.path} on {target.machine.name}: {why}",
        f"If it may go, move the file away (`sudo mv {home.path} {home.path}.old`); else rename its cluster, user and "
        "context there, or give this cluster another name (cluster.name in the inventory). Then run again.",
    )


def _astray(target: Target, home: HomeConfig) -> Blocked:
    return Blocked(
        Code.KUBECONFIG_UNREADABLE,
        f"{home.path} on {target.machine.name} is a link to {home.foreign}, which is no file of {home.user}'s own",
        f"If the link may go, remove it (`sudo rm {home.path}`), then run again: {home.user} gets a file there.",
    )


def _placed(access: Access, home: HomeConfig) -> Decision:
    if home.linked == ADMIN_CONF:
        return Satisfied("a link to kubeadm's own file")
    found = home.text.value if home.text else ""
    try:
        wanted = merged(found, access)
        if wanted != found:  # new or another: afterwards the current context is the user's choice
            wanted = merged(found, access, use=True)
    except KubeconfigError as error:
        return _unusable(home, error)
    if wanted == found and home.is_private:
        return Satisfied()
    owner = f"{home.user}:{home.group}"
    folder = f"{home.home.rstrip('/')}/.kube"
    actions: list[Action] = []
    if not home.has_folder:
        actions.append(Run(("install", "-d", "-m", "0700", "-o", home.user, "-g", home.group, folder)))
    # Not guarded: kubectl itself writes there whenever a user chooses a context.
    actions.append(WriteFile(home.path, text(Secret(wanted)), 0o600, owner, guarded=False))
    return Change(f"put the cluster {access.name} into {home.path}", tuple(actions))


def _unusable(home: HomeConfig, error: KubeconfigError) -> Blocked:
    return Blocked(
        Code.KUBECONFIG_UNREADABLE,
        f"{home.path} is there and cannot be merged into: {error}",
        f"Move it away (`sudo mv {home.path} {home.path}.old`), then run again.",
    )
