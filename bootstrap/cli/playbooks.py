"""`kboot init-master`, `join-workers`, `up` and `run`: the playbooks that change hosts."""

from collections.abc import Callable

import click

from bootstrap.cli.asked import Asked, asks_for_run
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.playbook_word import PlaybookWord
from bootstrap.model.exit_code import ExitCode


def _command(name: str, help_text: str) -> click.Command:
    """A command that runs the playbook of its own name."""

    @asks_for_run(name)
    @screen_options()
    def call(asked: Asked, screen: Screen) -> ExitCode:
        from bootstrap.cli import run_playbook  # noqa: PLC0415 - help must not wait for the runner

        return run_playbook.run(asked, screen)

    made: Callable[[Callable[..., ExitCode]], click.Command] = click.command(name, help=help_text)
    return made(call)


init_master = _command(
    "init-master",
    """Make the control plane Ready.

    Prepares the control-plane host (swap, kernel modules, containerd, the Kubernetes packages, firewall), runs kubeadm
    init and installs flannel. Where the inventory has no workers the whole cluster is ready at the end. Run again it
    changes nothing.

    Example: kboot init-master --inventory lab.yaml
    """,
)
join_workers = _command(
    "join-workers",
    """Join every worker that has not joined.

    Prepares the workers and joins them side by side, with a token that is made for this run and revoked at its end;
    then asks until all nodes are Ready, pods reach each other and metrics answer. It also joins hosts that were added
    to the inventory later; where ufw is on, the nodes that are there must let a new one in, so --limit names them too.

    Example: kboot join-workers --inventory lab.yaml
    """,
)
up = _command(
    "up",
    """Bare hosts to a working cluster: all of it.

    What `init-master` and `join-workers` do, side by side where the order allows it. A second run changes nothing,
    says so, and takes a second or two.

    Example: kboot up --inventory lab.yaml
    """,
)


@click.command()
@click.argument("playbook", type=PlaybookWord())
@asks_for_run()
@screen_options()
def run(asked: Asked, screen: Screen) -> ExitCode:
    """Run a playbook of your own: your choice and order of kboot's steps.

    A playbook is YAML: phases, each with the steps it brings about (`kboot explain` lists all of them) and the targets:
    all, control-plane, workers, cluster or operator. It picks and orders; values come from the inventory. An unknown
    step, or an order in which a step could never hold, is told before any host is contacted (exit 3).

    \b
      apiVersion: kboot/v1
      kind: Playbook
      name: runtime-only
      summary: containerd and the Kubernetes packages, no cluster.
      phases:
        - name: runtime
          targets: all
          steps: [package-source-trusted, containerd-installed, containerd-configured, containerd-fresh]

    `kboot plan FILE` shows what it would change.

    Example: kboot run ./runtime-only.yaml --inventory lab.yaml
    """
    from bootstrap.cli import run_playbook  # noqa: PLC0415 - help must not wait for the runner

    return run_playbook.run(asked, screen)
