"""Questions to the API server by curl, and by kubectl where that does not do: the facts' own scripts, run by sh."""

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bootstrap.facts.kubectl import ADMIN_CONF, Ref, objects
from bootstrap.facts.metrics import METRICS, Metrics
from bootstrap.facts.nodes import NODES
from bootstrap.facts.tokens import TOKENS
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output
from tests.unit.programs import put

CONFIG = Ref("v1", "ConfigMap", "kubeadm-config", "kube-system")
API_SERVICE = Ref("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io")
POOL = Ref("metallb.io/v1beta1", "IPAddressPool", "all", "metallb-system")
CONF = f"""\
clusters:
- cluster:
    certificate-authority-data: {base64.b64encode(b"the CA").decode()}
    server: https://192.0.2.11:6443
users:
- user:
    client-certificate-data: {base64.b64encode(b"the certificate ").decode()}
    client-key-data: {base64.b64encode(b"the key").decode()}
"""


class Host:
    """A host whose curl and kubectl say what they are told to, and note what they are asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "admin.conf").write_text(CONF)
        (folder / "bin").mkdir()
        self.program("curl", "exit 7")
        self.program("kubectl", "echo 'The connection was refused' >&2; exit 1")

    def program(self, name: str, script: str) -> None:
        """The script stands in for a program."""
        put(self.folder / "bin", name, f'echo "$*" >>{self.folder}/{name}.asked\n{script}')

    def curl_says(self, *answers: tuple[object, int]) -> None:
        """JSON documents and their codes, as `-w` prints them."""
        told = "".join(f"{json.dumps(body, separators=(',', ':'))}\n\nkboot-http {code}\n" for body, code in answers)
        (self.folder / "told").write_text(told)
        self.program("curl", f"cat {self.folder}/told; cat *.me >>{self.folder}/me")

    def asked(self, name: str) -> str:
        file = self.folder / f"{name}.asked"
        return file.read_text() if file.exists() else ""

    def answer(self, fact: Fact[Any]) -> Answer[Any]:
        scratch = Path(tempfile.mkdtemp(prefix="scratch", dir=self.folder))
        script = fact.script.replace(ADMIN_CONF, f"{self.folder}/admin.conf")
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=scratch,
            env={"PATH": f"{self.folder}/bin:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return fact.read(Output(done.returncode, done.stdout, done.stderr))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def item(ref: Ref) -> dict[str, Any]:
    return {**ref.stub(), "data": {"a": "b"}}


def test_objects_come_by_one_curl_and_what_is_missing_is_left_out(host: Host) -> None:
    host.curl_says((item(API_SERVICE), 200), ({"kind": "Status", "code": 404}, 404))
    assert host.answer(objects([CONFIG, API_SERVICE])) == Known({API_SERVICE: item(API_SERVICE)})
    told = host.asked("curl")
    assert "https://192.0.2.11:6443/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io" in told
    assert "https://192.0.2.11:6443/api/v1/namespaces/kube-system/configmaps/kubeadm-config" in told
    assert host.asked("kubectl") == ""


def test_it_asks_as_the_admin_and_no_secret_stands_in_an_argument(host: Host) -> None:
    host.curl_says((item(CONFIG), 200))
    host.answer(objects([CONFIG]))
    assert (host.folder / "me").read_text() == "the certificate the key"
    assert "the key" not in host.asked("curl")
    assert base64.b64encode(b"the key").decode() not in host.asked("curl")


@pytest.mark.parametrize("code", [302, 401, 403, 409, 500, 503])
def test_any_other_code_is_asked_again_by_kubectl_whose_words_count(host: Host, code: int) -> None:
    host.curl_says((item(API_SERVICE), 200), ({"kind": "Status"}, code))
    host.program("kubectl", f"echo '{json.dumps(item(CONFIG))}'")
    assert host.answer(objects([CONFIG, API_SERVICE])) == Known({CONFIG: item(CONFIG)})


@pytest.mark.parametrize("ref", [POOL, Ref("v1", "ConfigMap", "in the namespace of the kubeconfig")], ids=str)
def test_what_only_kubectl_knows_where_to_find_is_not_asked_by_curl(host: Host, ref: Ref) -> None:
    host.program("kubectl", f"echo '{json.dumps(item(ref))}'")
    assert host.answer(objects([CONFIG, ref])) == Known({ref: item(ref)})
    assert host.asked("curl") == ""


def test_nodes_and_metrics_come_by_curl(host: Host) -> None:
    node = {"metadata": {"name": "w1", "uid": "u"}, "spec": {}, "status": {}}
    host.curl_says(({"items": [node]}, 200))
    answer = host.answer(NODES)
    assert isinstance(answer, Known)
    assert list(answer.value) == ["w1"]
    host.curl_says(({"items": [{"metadata": {"name": "w1"}}]}, 200), ({"items": [{}, {}]}, 200))
    assert host.answer(METRICS) == Known(Metrics(frozenset({"w1"}), 2))
    assert host.asked("kubectl") == ""


def test_metrics_that_are_not_there_are_told_in_kubectls_words(host: Host) -> None:
    host.curl_says(({"kind": "Status"}, 503))
    answer = host.answer(METRICS)
    assert isinstance(answer, Known)
    assert answer.value.refused == "The connection was refused"


def test_that_there_is_no_token_costs_no_kubectl_and_one_that_is_there_does(host: Host) -> None:
    host.curl_says(({"kind": "PartialObjectMetadataList", "items": None}, 200))  # as the server writes none
    assert host.answer(TOKENS) == Known(())
    assert host.asked("kubectl") == "", host.asked("kubectl")
    host.curl_says(({"items": [{"metadata": {"name": "bootstrap-token-abcdef"}}]}, 200))
    host.program("kubectl", "printf 'bootstrap-token-abcdef\\t\\t\\n'")
    answer = host.answer(TOKENS)
    assert isinstance(answer, Known)
    assert [token.id for token in answer.value] == ["abcdef"]
    assert "PartialObjectMetadataList" in host.asked("curl")
