"""`kboot demo`: from nothing to a page served by a cluster, told as the commands that an admin would type."""

import secrets
import shlex
import subprocess
import sys
import time
from pathlib import Path

import click

from bootstrap.cli import demo_page
from bootstrap.cli.options import Screen, screen_of, screen_options
from bootstrap.cli.signals import shell_code
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.show.started import again, program

LAB = "demo"
# Named in every command, so that no other inventory (./kboot.yaml, $KBOOT_INVENTORY) is ever meant.
INVENTORY = "kboot-demo.yaml"
KUBECTL = ("kubectl", "-i", INVENTORY)
FETCH = (
    "import sys, urllib.request; "
    "[print(url, '->', urllib.request.urlopen(url, timeout=5).read().decode().strip()) for url in sys.argv[1:]]"
)
ANSWER_WITHIN_S = 60


@click.command()
@click.option(
    "--hosts", type=click.IntRange(1, 9), default=3, show_default=True, help="One control plane, the rest workers."
)
@click.option(
    "--bundle", default="build", show_default=True, metavar="build|PATH", help="Where the air-gap bundle is from."
)
@screen_options(("text",))
def demo(hosts: int, bundle: str, screen: Screen) -> None:  # noqa: ARG001 - its commands ask the context for it
    """Disposable hosts on this machine, a cluster on them, a page through every host.

    Example: sudo python3 -m bootstrap demo
    """
    started = time.monotonic()
    folder = _bundle(bundle)
    _type("lab", "up", "--name", LAB, "--hosts", str(hosts), "--bundle", str(folder), "--inventory", INVENTORY)
    _type("up", "-i", INVENTORY)
    _type(*KUBECTL, "top", "nodes")
    _type(*KUBECTL, "top", "pods", "-A")
    words = f"kboot-demo-{secrets.token_hex(8)}"
    urls = _serve(words, hosts)
    pages = _fetch(urls, words)
    click.echo(pages)
    _summary(len(urls), time.monotonic() - started)


def _bundle(bundle: str) -> Path:
    """The folder of the bundle, built first where that was asked for. A named one is opened before hosts are booted."""
    if bundle != "build":
        from bootstrap.bundle.bundle import Bundle  # noqa: PLC0415 - start-up stays quick

        return Bundle.open(Path(bundle).resolve()).folder
    _type("bundle", "build")
    from bootstrap.bundle.place import default_folder  # noqa: PLC0415 - only this command needs it

    return default_folder()


def _serve(words: str, replicas: int) -> list[str]:
    """Apply the page and wait until its pods are ready; the page's address on every host."""
    from bootstrap.bundle.bundle import Bundle  # noqa: PLC0415 - start-up stays quick
    from bootstrap.load.inventory import load_inventory  # noqa: PLC0415

    inventory = load_inventory(Path(INVENTORY))
    lock = Bundle.open(Path(str(inventory.cluster.bundle))).lock.of(inventory.cluster.kubernetes)
    image = next(ref for ref in lock.roles["worker"].images if "/agnhost:" in ref)
    _type(*KUBECTL, "apply", "-f", "-", stdin=demo_page.objects(image, words, replicas))
    _type(*KUBECTL, "rollout", "status", f"deployment/{demo_page.NAME}", "--timeout=120s")
    return [f"http://{host.node_address}:{demo_page.NODE_PORT}/page/index.html" for host in inventory.hosts]


def _fetch(urls: list[str], words: str) -> str:
    """Get the page through every host from outside the pod network; kube-proxy needs a moment to write its rules."""
    deadline = time.monotonic() + ANSWER_WITHIN_S
    argv = ("lab", "exec", "--name", LAB, "--", sys.executable, "-c", FETCH, *urls)
    while True:
        done = _kboot(*argv, capture=True)
        if done.returncode == 0 and done.stdout.count(words) == len(urls):
            return done.stdout
        if time.monotonic() > deadline:
            raise KbootError(
                Code.DEMO_PAGE,
                f"the page did not answer through every host within {ANSWER_WITHIN_S} s",
                evidence=(done.stdout + done.stderr)[-800:],
                advice=f"`kboot status -i {INVENTORY}` says what is not Ready; "
                f"`kboot kubectl -i {INVENTORY} get pods -A -o wide` shows where",
            )
        time.sleep(0.5)


def _type(*words: str, stdin: str | None = None) -> None:
    """Run one kboot command as a person would see it; its failure ends the demo with its own words and exit code."""
    screen = screen_of(click.get_current_context())
    if not screen.quiet:
        click.secho(f"$ {program()} {shlex.join(words)}", bold=True, err=True)
    # kubectl's words are its own.
    done = _kboot(*words, *(() if words[0] == "kubectl" else screen.options), stdin=stdin)
    if done.returncode:
        raise click.exceptions.Exit(shell_code(done.returncode))


def _kboot(*words: str, stdin: str | None = None, capture: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run((*again(), *words), input=stdin, text=True, capture_output=capture, check=False)


def _summary(hosts: int, seconds: float) -> None:
    click.echo(f"A cluster on {hosts} host(s), its page answered through each of them: {seconds:.0f} s in all.")
    click.echo("Next:")
    chosen, named = f"-i {INVENTORY}", f"--name {LAB}"
    looking = f"status {chosen}", f"kubectl {chosen} get pods -A", f"up {chosen}", f"lab ssh {named} cp1"
    for words in (*looking, f"lab down {named}"):
        click.echo(f"  {program()} {words}")
