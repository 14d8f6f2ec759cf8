"""The command `kboot`: every command's name, place and one line."""

import click

from bootstrap import __version__
from bootstrap.cli.lazy_group import Lazy, LazyGroup

_CLUSTER = "Make a cluster"
_LOOK = "Look and use"
_HERE = "This machine"

COMMANDS: dict[str, Lazy] = {
    "init-master": Lazy("bootstrap.cli.playbooks:init_master", "Make the control plane Ready.", _CLUSTER),
    "join-workers": Lazy("bootstrap.cli.playbooks:join_workers", "Join every worker that has not joined.", _CLUSTER),
    "up": Lazy("bootstrap.cli.playbooks:up", "Bare hosts to a working cluster: all of it.", _CLUSTER),
    "run": Lazy("bootstrap.cli.playbooks:run", "Run a playbook of your own: your choice and order of steps.", _CLUSTER),
    "plan": Lazy("bootstrap.cli.plan:plan", "Show what a command would change, and change nothing.", _CLUSTER),
    "inventory": Lazy("bootstrap.cli.inventory:inventory", "Write, check and explain the inventory.", _CLUSTER),
    "hosts": Lazy("bootstrap.cli.hosts:hosts", "Look at hosts' SSH keys and trust them.", _CLUSTER),
    "status": Lazy("bootstrap.cli.status:status", "Say what holds, what is not Ready and why, what expires.", _LOOK),
    "addons": Lazy("bootstrap.cli.addons:addons", "List and apply what runs beside Kubernetes.", _LOOK),
    "kubectl": Lazy("bootstrap.cli.kubectl:kubectl", "Run kubectl on the first control plane.", _LOOK),
    "ssh": Lazy("bootstrap.cli.ssh:ssh", "Log in to a host of the inventory.", _LOOK),
    "kubeconfig": Lazy("bootstrap.cli.kubeconfig:kubeconfig", "Print or merge the admin kubeconfig.", _LOOK),
    "explain": Lazy("bootstrap.cli.explain:explain", "Explain a step, a code, or a pasted error text.", _LOOK),
    "lab": Lazy("bootstrap.cli.lab:lab", "Disposable hosts on this machine to practise on.", _HERE),
    "bundle": Lazy("bootstrap.cli.bundle:bundle", "The air-gap bundle: build, verify, list, prune.", _HERE),
    "demo": Lazy("bootstrap.cli.demo:demo", "From nothing to a working cluster on this machine.", _HERE),
    "test": Lazy("bootstrap.cli.test:test", "Pass the tests of this checkout.", _HERE),
    "completion": Lazy("bootstrap.cli.completion:completion", "Print shell completion for bash, zsh or fish.", _HERE),
    "man": Lazy("bootstrap.cli.man:man", "Print or write the manual pages.", _HERE),
    "version": Lazy("bootstrap.cli.version:version", "Print the version.", _HERE),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kboot", message="%(prog)s %(version)s")
def kboot() -> None:
    """Bare Ubuntu/Debian hosts to a working kubeadm cluster over SSH, as often as a lab needs.

    A command reads the inventory (--inventory, else $KBOOT_INVENTORY, else ./lab.yaml or ./kboot.yaml), asks every
    host what holds, changes what does not, and asks again. Run again it changes nothing.

    Example: kboot up --inventory lab.yaml
    """
