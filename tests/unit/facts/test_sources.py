"""What a host sees of repositories and registries: the scripts against a server of this test's own."""

import base64
import gzip
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from bootstrap.facts.keyrings import PACKAGE_KEYS
from bootstrap.facts.openpgp import Certificate, certificates
from bootstrap.facts.registries import Place, registry_replies
from bootstrap.facts.sources import containerd_repository, kubernetes_repository, listed, offer
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import Fact, Output

OUTPUTS = Path(__file__).parents[2] / "cases" / "outputs"
KEY = (OUTPUTS / "key.asc").read_text()
PACKAGES = """\
Package: kubelet
Version: 1.36.3-1.1
Description: node agent
 Version: 9.9.9 is not a field

Package: cri-tools
Version: 1.36.0-1.1

Package: kubeadm
Version: 1.36.3-1.1
"""


class Upstream(BaseHTTPRequestHandler):
    """pkgs.k8s.io without Packages (only .gz), and a registry that wants an anonymous token, as ghcr.io does."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        if self.path.startswith("/token?service=here&scope=repository:flannel-io/flannel:pull"):
            self._say(200, b'{"token":"t-1"}')
        else:
            content = self.files.get(self.path)
            self._say(200 if content else 404, content or b"")

    def do_HEAD(self) -> None:
        if self.path == "/v2/pause/manifests/3.10.2":
            self._say(200, b"")
        elif self.headers.get("Authorization") == "Bearer t-1":
            self._say(200 if self.path == "/v2/flannel-io/flannel/manifests/v1" else 404, b"")
        else:
            realm = f'Bearer realm="http://{self.headers["Host"]}/token",service="here",scope="x"'
            self._say(401, b"", ("WWW-Authenticate", realm))

    def _say(self, status: int, content: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    there = "/core:/stable:/v1.36/deb"
    files = {f"{there}/Release.key": KEY.encode(), f"{there}/Packages.gz": gzip.compress(PACKAGES.encode())}
    monkeypatch.setattr(Upstream, "files", files)
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def asked(fact: Fact[Any], folder: Path) -> Answer[Any]:
    done = subprocess.run(
        ["sh"], input=fact.script, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return fact.read(Output(done.returncode, done.stdout, done.stderr))


def test_a_repository_offers_its_key_and_the_versions_of_what_is_wanted(url: str, tmp_path: Path) -> None:
    answer = asked(offer(kubernetes_repository(url, "1.36.3")), tmp_path)
    assert isinstance(answer, Known)
    assert answer.value.key == KEY
    assert (answer.value.key_error, answer.value.index_error) == ("", "")
    assert answer.value.versions == {"kubelet": ("1.36.3-1.1",), "kubeadm": ("1.36.3-1.1",)}


def test_an_index_that_is_not_there_is_an_error_of_its_own(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upstream, "files", {"/core:/stable:/v1.36/deb/Release.key": KEY.encode()})
    answer = asked(offer(kubernetes_repository(url, "1.36.3")), tmp_path)
    assert isinstance(answer, Known)
    assert (answer.value.key, answer.value.key_error) == (KEY, "")
    assert "404" in answer.value.index_error


def test_a_repository_that_nobody_answers_for_says_so_in_curls_words(tmp_path: Path) -> None:
    answer = asked(offer(containerd_repository("http://127.0.0.1:9", 2)), tmp_path)
    assert isinstance(answer, Known)
    assert answer.value.key_error.startswith("curl: (7)")
    assert answer.value.key_url.startswith("http://127.0.0.1:9/")
    assert answer.value.key_url.endswith("/gpg"), "the host's own release, not a variable's name"


def test_an_index_that_apt_never_read_is_absent(tmp_path: Path) -> None:
    assert isinstance(asked(listed(kubernetes_repository("http://nowhere.invalid", "1.36.3")), tmp_path), Absent)


def test_a_registry_is_asked_with_the_anonymous_token_that_it_wants(url: str, tmp_path: Path) -> None:
    places = (
        Place("registry.k8s.io/pause:3.10.2", f"{url}/v2/pause/manifests/3.10.2", "pause"),
        Place("ghcr.io/flannel-io/flannel:v1", f"{url}/v2/flannel-io/flannel/manifests/v1", "flannel-io/flannel"),
        Place("ghcr.io/flannel-io/flannel:v2", f"{url}/v2/flannel-io/flannel/manifests/v2", "flannel-io/flannel"),
        Place("ghcr.io/other/one:v1", f"{url}/v2/other/one/manifests/v1", "other/one"),
        Place("docker.io/library/a:1", "http://127.0.0.1:9/v2/library/a/manifests/1", "library/a"),
    )
    answer = asked(registry_replies("worker", places), tmp_path)
    assert isinstance(answer, Known)
    said = {reference: reply.status for reference, reply in answer.value.items()}
    assert said == dict(zip((place.reference for place in places), ("200", "200", "404", "401", "000"), strict=True))
    assert answer.value["docker.io/library/a:1"].error.startswith("curl: (7)")


def test_a_key_is_told_by_its_fingerprint_and_its_end() -> None:
    assert certificates(KEY) == (Certificate("F91C30463073969E7A2B22666D235EE774AEFB82", None),)
    (old,) = certificates((OUTPUTS / "key-expired.asc").read_text())
    assert old.expires
    assert f"{old.expires:%Y-%m-%d}" == "2025-06-01"


def test_a_host_tells_the_keys_that_it_trusts() -> None:
    binary = base64.b64encode((OUTPUTS / "key-expired.asc").read_bytes()).decode()
    answer = PACKAGE_KEYS.read(Output(0, f"kubernetes {binary}\ncontainerd {base64.b64encode(b'cut').decode()}\n"))
    assert isinstance(answer, Known)
    assert [(one.name, f"{one.expires:%Y}") for one in answer.value] == [("kubernetes", "2025")]


@pytest.mark.parametrize("text", ["", "<html>", KEY[:200], "\ufffd\x00"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert certificates(text) == ()
