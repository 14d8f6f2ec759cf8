"""`kboot inventory init|check|reference`, without hosts."""

from pathlib import Path

import pytest

from bootstrap.cli import first_inventory, inventory_check
from bootstrap.cli.boundary import guarded
from bootstrap.cli.preparing import Prepared
from bootstrap.cli.root import kboot
from bootstrap.load.inventory import load_inventory
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import Unreachable
from bootstrap.transport.known_hosts import HostKey
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import SshContext

FOLDER = Path(__file__).parents[3] / "inventory"
KEY = HostKey("ssh-ed25519", b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + b"k" * 32)
ADDRESSES = '[{"ifname": "eth0", "addr_info": [{"local": "%s", "prefixlen": 24}]}]'
SYSTEM = 'ID=debian\nPRETTY_NAME="Debian 12"\nmachine=x86_64\nkernel=6.1\ninit=systemd\ncgroup=cgroup2fs\n'


class Answering:
    """A host that says who it is, by its address."""

    def __init__(self, host: str, settings: SshSettings) -> None:
        self.host, self.settings = host, settings

    def run(self, script: str, *, timeout_s: float, root: bool) -> Completed:
        assert not root
        assert timeout_s
        assert "/proc/sys/kernel/hostname" in script
        if self.settings.address == "10.1.0.99":
            raise Unreachable(self.host, "connection refused")
        texts = [f"host-{self.settings.address[-1]}\n", SYSTEM, ADDRESSES % self.settings.address]
        files = [("0", f"{n}.rc", f"{n}.out", f"{n}.err", text) for n, text in enumerate(texts)]
        sizes = [
            f"{len(part)} {name}"
            for rc, *names, text in files
            for part, name in zip((rc, text, ""), names, strict=True)
        ]
        body = "".join(f"{rc}{text}" for rc, *_, text in files)
        return Completed(0, f"kboot-answers 0\n{chr(10).join(sizes)}\n1 total\n{body}".encode(), "", 0.1)

    def close(self) -> None:
        pass


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, and a network of hosts that answer."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(SshContext, "connect", lambda _, host, settings: Answering(host, settings))
    monkeypatch.setattr(first_inventory, "scan", lambda *_: KEY)
    return tmp_path


def test_init_writes_what_the_hosts_say_and_pins_their_keys(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["inventory", "init", "admin@10.1.0.1", "admin@10.1.0.2:2222", "--known-hosts", "known", "--yes"]
    assert guarded(kboot, words) == 0
    inventory = load_inventory(here / "lab.yaml")
    assert [host.name for host in inventory.hosts] == ["host-1", "host-2"]
    assert inventory.ssh_of(inventory.hosts[1]).port == 2222
    assert "[10.1.0.2]:2222" in (here / "known").read_text()
    told = capsys.readouterr().err
    assert KEY.fingerprint in told
    assert "inventory check --hosts" in told


def test_init_trusts_no_key_unasked(here: Path) -> None:
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "--known-hosts", "known", "--no-input"]) == 14
    assert list(here.glob("*.yaml")) == []
    assert not (here / "known").exists()


def test_init_writes_over_nothing_unless_told(here: Path) -> None:
    (here / "lab.yaml").write_text("mine")
    words = ["inventory", "init", "10.1.0.1", "--known-hosts", "known", "--yes"]
    assert guarded(kboot, words) == 2
    assert (here / "lab.yaml").read_text() == "mine"
    assert guarded(kboot, [*words, "--force"]) == 0
    assert load_inventory(here / "lab.yaml").hosts


def test_init_writes_nothing_when_a_host_does_not_answer(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "10.1.0.99", "--known-hosts", "known", "--yes"]) == 4
    assert not (here / "lab.yaml").exists()
    assert "KB1101 10.1.0.99: connection refused" in capsys.readouterr().err


def test_init_to_stdout(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "--known-hosts", "known", "--yes", "-o", "-"]) == 0
    assert "name: host-1" in capsys.readouterr().out
    assert not (here / "lab.yaml").exists()


@pytest.mark.parametrize(
    "word", ["a@b@c", "10.1.0.1:0", "10.1.0.1:70000", "fd00::1", "-oProxyCommand=x", "a b", "a b@h", "-l@h", ""]
)
@pytest.mark.usefixtures("here")
def test_init_refuses_what_is_no_host(word: str) -> None:
    assert guarded(kboot, ["inventory", "init", "--yes", "--", word]) == 2


@pytest.mark.usefixtures("here")
def test_init_refuses_options_that_make_no_inventory(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "--name", "My_Lab"]) == 2
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "--key", "no-key"]) == 3
    assert guarded(kboot, ["inventory", "init", "10.1.0.1", "--bundle", "none-here"]) == 3
    assert "there is no bundle in" in capsys.readouterr().err


def test_check_says_what_stands_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["inventory", "check", "-i", str(FOLDER / "minimal.yaml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("minimal.yaml: OK")
    assert "  hosts     2: 1 control plane, 1 worker" in lines
    assert "  source    the public repositories and registries" in lines


def test_check_takes_the_file_as_a_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(FOLDER / "minimal.yaml")
    assert guarded(kboot, ["inventory", "check", file]) == 0
    assert f"check -i {file} --hosts" in capsys.readouterr().err
    assert guarded(kboot, ["inventory", "check", file, "-i", file]) == 2


@pytest.mark.parametrize(
    ("words", "option"), [([], ""), (["lab.yaml"], " -i lab.yaml"), (["-i", "lab.yaml"], " -i lab.yaml")]
)
def test_checks_on_hosts_name_the_inventory_where_the_command_line_did(
    words: list[str], option: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    Path("lab.yaml").write_text(
        "apiVersion: kboot/v1\ncluster: {addons: []}\nhosts: [{name: cp1, address: 192.0.2.1, role: control-plane}]\n"
    )

    def checked(prepared: Prepared, _screen: object) -> tuple[None, ExitCode]:
        said.append(prepared.site.trust)
        return None, ExitCode.OK

    monkeypatch.setattr(inventory_check, "_checked", checked)
    assert guarded(kboot, ["inventory", "check", *words, "--hosts"]) == 0
    assert said == [f"kboot hosts trust{option}"]
    assert capsys.readouterr().err.endswith(f"up{option}\n")


def test_check_tells_mistakes_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("apiVersion: kboot/v1\nhosts:\n  - {name: cp1, address: 10.1.0.1, rol: worker}\n")
    assert guarded(kboot, ["inventory", "check", str(file)]) == 3
    assert f"{file}:3:36" in capsys.readouterr().err


def test_check_reads_addons_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "addon.yaml").write_text("apiVersion: kboot/v1\nkind: Adon\n")
    text = (FOLDER / "minimal.yaml").read_text() + "cluster: {addons: [./mine]}\n"
    (tmp_path / "x.yaml").write_text(text)
    assert guarded(kboot, ["inventory", "check", str(tmp_path / "x.yaml")]) == 3
    assert "mine/addon.yaml" in capsys.readouterr().err


def test_reference_prints_one_field_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["inventory", "reference", "pod_cidr"]) == 0
    assert "- default: `10.244.0.0/16`" in capsys.readouterr().out
    assert guarded(kboot, ["inventory", "reference"]) == 0
    assert "### ssh.bastion" in capsys.readouterr().out
    assert guarded(kboot, ["inventory", "reference", "podCIRD"]) == 2
    assert 'did you mean "podCIDR"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["admin@10.1.2.3", "root@10.1.2.3:22"], "'admin@10.1.2.3' and 'root@10.1.2.3:22' are one host: name it once"),
        (["10.1.2.3", "-o", "json"], "here it names the file to write; json is no file's name"),
        (["10.1.2.3", "-o", "nowhere/lab.yaml"], "the inventory cannot be written: there is no folder nowhere"),
    ],
)
def test_init_contacts_nobody_for_an_inventory_that_could_not_be(
    words: list[str], told: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_inventory, "scan", None)
    assert guarded(kboot, ["inventory", "init", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not list(here.iterdir())
