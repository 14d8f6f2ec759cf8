"""Who would miss the distribution's container runtime."""

import subprocess

from bootstrap.facts.runtimes import CONTAINERS_SCRIPT, RIVALS_IN_USE, Container, RivalsInUse
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output

DOCKERS = "2b0923fe082e89b00c0324ac4222befb6e41424908835816fb1cd8101933320f"


def test_a_container_is_shown_as_its_owner_knows_it() -> None:
    answer = RIVALS_IN_USE.read(Output(0, f"container moby {DOCKERS} registry\ncontainer default shell \n"))

    assert answer == Known(
        RivalsInUse((Container("moby", DOCKERS, "registry"), Container("default", "shell", "")), needed_by=())
    )
    assert isinstance(answer, Known)
    assert [one.shown for one in answer.value.containers] == ["registry", "shell (containerd's namespace default)"]


def test_packages_that_need_the_rivals_are_named() -> None:
    assert RIVALS_IN_USE.read(Output(0, "needed-by podman\n")) == Known(RivalsInUse((), ("podman",)))


def test_a_shim_tells_its_container_though_no_daemon_is_asked() -> None:
    """A process of that name, with the words that containerd gives a shim (runtime/v2/shim, `-namespace`, `-id`)."""
    shim = ["bash", "-c", "exec -a containerd-shim-runc-v2 sh -c 'printf containerd-shim >/proc/$$/comm; read -r _'"]
    words = ["-namespace", "kboot-test", "-id", DOCKERS, "-address", "/run/containerd/containerd.sock"]
    shim[2] = shim[2].removesuffix("'") + "' " + " ".join(words)
    with subprocess.Popen(shim, stdin=subprocess.PIPE) as running:
        try:
            said = _until(f"container kboot-test {DOCKERS}")
        finally:
            running.kill()

    assert f"container kboot-test {DOCKERS}" in said


def _until(wanted: str) -> str:
    said = ""
    for _ in range(50):
        said = subprocess.run(["sh"], input=CONTAINERS_SCRIPT, capture_output=True, text=True, check=True).stdout
        if wanted in said:
            break
    return said
