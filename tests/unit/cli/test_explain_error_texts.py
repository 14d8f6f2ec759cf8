"""People paste what a program told them, with their own names in it, and find its page."""

import re
import shlex
import time

import click
import pytest
from click.testing import CliRunner

from bootstrap.cli.boundary import guarded
from bootstrap.cli.error_pages import ErrorPage, error_pages
from bootstrap.cli.pages import entries
from bootstrap.cli.root import kboot
from bootstrap.cli.searching import found
from bootstrap.model.codes import Code
from bootstrap.steps import REGISTRY

ENTRIES = entries()
QUOTINGS = ("{}", '"{}"', "kubelet[812]: E1121 {} (get nodes)", "  {}\n")
# What people really paste: the line of a terminal or a log, quotes and all.
PASTED = {
    'Get "https://10.1.2.3:10250/metrics/resource": dial tcp 10.1.2.3:10250: i/o timeout': "kubelet-10250-unreachable",
    r"Get \"https://10.1.2.3:10250/containerLogs/a/b/c\": dial tcp 10.1.2.3:10250: i/o timeout": (
        "kubelet-10250-unreachable"
    ),
    'E1121 10:00:00.000000       1 scraper.go:149] "Failed to scrape node" err="Get \\"https://w1:10250/metrics\\"': (
        "metrics-not-scraped"
    ),
    "unable to fully scrape metrics: unable to fully scrape metrics from node w1: unable to fetch metrics": (
        "metrics-not-scraped"
    ),
    "The connection to the server localhost:8080 was refused": "localhost-8080-refused",
    "localhost:8080 was refused": "localhost-8080-refused",
    "the connection to the server LOCALHOST:8080\n  was refused - did you specify": "localhost-8080-refused",
    "Error from server (ServiceUnavailable): the server is currently unable to handle the request (get nodes)": (
        "api-service-unavailable"
    ),
    " docker.io : Depends: containerd (>= 1.2.6-0ubuntu1~)": "docker-io-against-containerd-io",
    "containerd.io : Conflicts: containerd": "docker-io-against-containerd-io",
    "token expired": "join-token-expired",
    "CoreDNS Pending": "coredns-pending",
    "kube-system   coredns-5d78c9869d-x2x4q   0/1     Pending   0   3m12s": "coredns-pending",
    "\x1b[31m[ERROR Port-6443]: Port 6443 is in use\x1b[0m": "port-in-use",
    "[ERROR Swap]: running with swap on is not supported. Please disable swap": "swap-on",
    "dial tcp 192.168.0.10:6443: connect: connection refused": "api-server-6443-refused",
    "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)": "dpkg-locked",
    "W: GPG error: https://pkgs.k8s.io/core:/stable:/v1.36/deb InRelease: NO_PUBKEY 234654DA9A296436": (
        "apt-key-missing"
    ),
    'plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file': "flannel-subnet-missing",
    'failed to set bridge addr: "cni0" already has an IP address different from 10.244.3.1/24': "cni0-other-address",
    "w1   NotReady  container runtime network not ready: cni plugin not initialized": "cni-uninitialized",
    "tls: failed to verify certificate: x509: certificate signed by unknown authority": "x509-unknown-authority",
    "kubelet 10250 timeout": "kubelet-10250-unreachable",
    "--fail-swap-on: running with swap on is not supported, please disable swap!": "swap-on",
    "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available": "no-room-for-pods",
    "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.": "disk-pressure",
    "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.": "pod-unschedulable",
    "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.": "no-storage-class",
    "couldn't validate the identity of the API Server: cluster CA found in cluster-info ConfigMap is invalid: none of "
    'the public keys "sha256:6f2b" are pinned': "ca-hash-differs",
    "E: Version '1.30.0-1.1' for 'kubelet' was not found": "apt-version-missing",
    "-bash: kubeadm: command not found": "program-not-installed",
    "E: Held packages were changed and -y was used without --allow-change-held-packages.": "apt-held-packages",
    'nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes" in API group ""': (
        "kubernetes-admin-forbidden"
    ),
    "kboot: KB1103 w1: the host offers another key": "KB1103",
    "   12.3s w1 ✗ worker-joined failed KB1405: kubeadm join": "worker-joined",
}


@pytest.mark.parametrize("one", error_pages(), ids=lambda one: one.page.name)
@pytest.mark.parametrize("quoting", QUOTINGS)
def test_each_text_finds_its_page_however_it_is_quoted(one: ErrorPage, quoting: str) -> None:
    for text in one.texts:
        filled = quoting.format(text.replace("...", "10.1.2.3"))
        for pasted in (filled, quoting.format(text), filled.replace('"', '\\"').upper()):
            assert one.page.name in found(pasted, ENTRIES), pasted


@pytest.mark.parametrize("pasted", PASTED)
def test_what_people_paste_finds_its_page_first(pasted: str) -> None:
    assert found(pasted, ENTRIES)[0] == PASTED[pasted]


def test_a_line_that_two_pages_are_about_shows_one_and_names_the_other() -> None:
    line = "unable to fully scrape metrics from node w1: dial tcp 10.1.2.3:10250: i/o timeout"
    shown = CliRunner().invoke(kboot, ["explain", line]).output
    first, _, others = shown.partition("Also about this:")
    assert first.startswith("metrics-not-scraped")
    assert "kubelet-10250-unreachable" in others


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("why is my node NotReady", "cni-uninitialized"),
        ("how do I get a new token?", "join-token-expired"),
        ("certificates expired", "certificate-expired"),
        ("[kubelet-check] Initial timeout of 40s passed.", "kubelet-not-healthy"),
        ("1 Insufficient memory, 2 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }", (
            "no-room-for-pods"
        )),
    ],
)  # fmt: skip
def test_a_question_in_ones_own_words_finds_pages_too(asked: str, page: str) -> None:
    assert page in found(asked, ENTRIES)


@pytest.mark.parametrize("text", ["node ", "dial tcp ", "0/1 nodes are available: ", "x"])
def test_a_line_of_any_length_is_searched_at_once(text: str) -> None:
    began = time.process_time()
    found(text * 20_000, ENTRIES)
    assert time.process_time() - began < 5


def test_a_word_lists_all_that_speak_of_it_those_named_so_first() -> None:
    shown = CliRunner().invoke(kboot, ["explain", "metrics"]).output.splitlines()
    assert "pages speak of metrics" in shown[0]
    named = [line.split()[0] for line in shown[1:]]
    assert set(named) >= {
        "metrics-not-scraped",
        "metrics-answering",
        "metrics-server-running",
        "api-service-unavailable",
    }
    assert all("metrics" in name for name in named[:4])


def test_words_need_no_quotes_and_a_dash_in_front_is_no_option() -> None:
    shown = CliRunner().invoke(kboot, ["explain", "unable", "to", "fully", "scrape", "metrics"])
    assert shown.output.startswith("metrics-not-scraped")
    assert CliRunner().invoke(kboot, ["explain", "--fail-swap-on"]).exit_code in {0, 2}
    assert "Usage:" not in CliRunner().invoke(kboot, ["explain", "-bash: kubeadm: command not found"]).output


def test_a_log_on_stdin_is_read_line_by_line() -> None:
    log = "all is well\nE1 dial tcp 10.0.0.1:10250: i/o timeout\nE2 unable to fully scrape metrics\n"
    shown = CliRunner().invoke(kboot, ["explain", "-"], input=log)
    assert shown.exit_code == 0
    assert "kubelet-10250-unreachable" in shown.output
    assert "metrics-not-scraped" in shown.output


@pytest.mark.parametrize("asked", ["qwxyz", "the and of", "?!", "metrics-answerring"])
def test_what_nothing_speaks_of_is_a_usage_error_with_a_way_on(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["explain", asked]) == 2
    told = capsys.readouterr().err
    assert "KB1511" in told
    assert ('did you mean "metrics-answering"?' in told) == (asked == "metrics-answerring")


@pytest.mark.parametrize("one", error_pages(), ids=lambda one: one.page.name)
def test_a_page_names_only_what_there_is(one: ErrorPage) -> None:
    known = {*(step.name() for step in REGISTRY), *map(str, Code)}
    assert set(dict(one.page.facts)["see"]) <= known
    named = re.findall(r"\bKB\d{4}\b", f"{one.page.means} {one.page.why} {one.page.does}")
    assert set(named) <= known
    assert one.words


@pytest.mark.parametrize("line", sorted({line for one in error_pages() for line in one.page.type}))
def test_what_a_page_says_to_type_can_be_typed(line: str) -> None:
    program, *words = shlex.split(line)
    if program != "kboot":
        assert program.startswith("ssh")
        return
    context, command = click.Context(kboot, info_name="kboot"), kboot
    while isinstance(command, click.Group):
        name, words = words[0], words[1:]
        inner = command.get_command(context, name)
        assert inner is not None, line
        context, command = click.Context(inner, info_name=name, parent=context), inner  # type: ignore[assignment]
    command.make_context(name, list(words), parent=context.parent)
    for step in words[words.index("--only") + 1].split(",") if "--only" in words else ():
        assert step in {step.name() for step in REGISTRY}
