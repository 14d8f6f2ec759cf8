"""`kboot status`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bootstrap.cli.options import Screen, inventory_option, screen_options
from bootstrap.model.exit_code import ExitCode


@click.command()
@inventory_option
@screen_options(("text", "json"))
def status(inventory: Path | None, screen: Screen) -> ExitCode:
    """Say what holds and what does not, which nodes and pods are not Ready and why, and what expires.

    Asks what `kboot up` would ask, in one round trip a host, and changes nothing. Certificates are those of kubeadm and
    kubelet on every host; what ends within 30 days is named. Exit code 0: all holds; 10: something does not; 6:
    something that `up` would refuse; 8: some hosts do not answer; 4: no host, or no control plane, does; 5: as 4,
    because of a host key.

    Example: kboot status -i lab.yaml
    """
    from bootstrap.cli.asked import Asked  # noqa: PLC0415
    from bootstrap.cli.health import health, questions  # noqa: PLC0415 - help must not wait for the runner
    from bootstrap.cli.preparing import prepare  # noqa: PLC0415
    from bootstrap.cli.run_playbook import surveyed  # noqa: PLC0415
    from bootstrap.cli.site import connections  # noqa: PLC0415
    from bootstrap.model.redact import Redactor  # noqa: PLC0415
    from bootstrap.run import plan_exit_code  # noqa: PLC0415
    from bootstrap.show import console  # noqa: PLC0415
    from bootstrap.show.status_text import status_document, status_lines  # noqa: PLC0415

    prepared = prepare(Asked("up", inventory))
    redact = Redactor.of(prepared.site.secrets())
    wanted = prepared.site.inventory
    with connections(prepared.site) as hosts:
        made, facts = surveyed(prepared, hosts, screen, redact, questions(wanted))
    seen = health(wanted, facts, datetime.now(UTC))
    code = plan_exit_code(made)
    if screen.output == "json":
        screen.print_document(redact.document(status_document(made, seen, code, prepared.cluster)))
    else:
        lines = status_lines(made, seen, prepared.cluster, verbose=screen.verbose)
        console.print_lines(console.results(screen.colour), lines, redact)
    return code
