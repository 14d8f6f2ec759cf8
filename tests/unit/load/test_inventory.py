"""One mistake a test: the exact place, and words that name the rule and the mend."""

import sys
import time
from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.inventory import inventory_of, load_inventory
from bootstrap.load.source import Source
from bootstrap.model.exit_code import ExitCode

HEAD = "apiVersion: kboot/v1\n"
CONTROL_PLANE = "  - {name: cp1, address: 10.1.0.1, role: control-plane}\n"
HOSTS = "hosts:\n" + CONTROL_PLANE


def told(text: str, folder: Path = Path("/nowhere")) -> list[str]:
    """Every mistake of this inventory, as `line:column: words`."""
    with pytest.raises(InvalidInput) as caught:
        inventory_of(Source(str(folder / "x.yaml"), text))
    assert caught.value.exit_code is ExitCode.INVALID_INPUT
    return [str(error).removeprefix(f"{folder}/x.yaml:") for error in caught.value.errors]


def cluster(fields: str) -> str:
    """An inventory that is right but for these fields of its cluster, which stand in line 3."""
    return f"{HEAD}cluster:\n  {fields}\n{HOSTS}"


def host(fields: str) -> str:
    """An inventory whose second host has these fields, which stand in line 6 from column 5, beside name and address."""
    return f"{HEAD}{HOSTS}  - name: w1\n    address: 10.1.0.2\n    {fields}\n"


def test_ten_lines_are_enough() -> None:
    inventory = inventory_of(Source("x.yaml", HEAD + HOSTS))
    assert inventory.endpoint == "10.1.0.1:6443"
    assert str(inventory.cluster.pod_cidr) == "10.244.0.0/16"
    assert inventory.cluster.addons == ("flannel", "metrics-server")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("kubernetes: 1.30", "3:15: kubernetes: 1.30 is a number to YAML, and text is wanted"),
        ("kubernetes: '1.36'", '3:15: kubernetes: "1.36" is not a full version'),
        ("kubernetes: 1.99.0", "3:15: Kubernetes 1.99.0 is newer than this kboot knows"),
        ("kubernetes: 1.19.0", "3:15: Kubernetes 1.19.0 is older than this kboot knows"),
        ("kubernetes: 1.36.99", 'did you mean "1.36.3"?'),
        ("podCidr: 10.3.0.0/16", '3:3: unknown key "podCidr" (did you mean "podCIDR"?)'),
        ("pod_cidr: 10.3.0.1/16", '3:13: podCIDR: 10.3.0.1/16 is not an IPv4 network (did you mean "10.3.0.0/16"?)'),
        ("pod_cidr: 10.96.0.0/16", "3:13: podCIDR 10.96.0.0/16 and serviceCIDR 10.96.0.0/12 overlap"),
        ("Pod_CIDR: 10.3.0.0/16", '3:3: unknown key "Pod_CIDR" (did you mean "podCIDR"?)'),
        ("firewall: mangle", '3:13: firewall: must be one of: manage, enabled, leave (did you mean "manage"?)'),
        ("firewall: [leave]", "3:13: firewall: must be a mapping"),
        ("kubernetes: v1.36.3", 'without a v (did you mean "1.36.3"?)'),
        ("kubernetes: 1.36", '3:15: kubernetes: 1.36 is a number to YAML, and text is wanted (did you mean "1.36.3"?)'),
        ("kubernetes: latest", "a full version: three numbers, without a v (known: 1.34.4, 1.35.4, 1.36.1, 1.36.3)"),
        ("kubernetes: 1.3", "text is wanted (known: 1.34.4, 1.35.4, 1.36.1, 1.36.3)"),
        ("podCIDR: 10.3.0.1/16", '3:12: podCIDR: 10.3.0.1/16 is not an IPv4 network (did you mean "10.3.0.0/16"?)'),
        ("podCIDR: 12", "3:12: podCIDR: must be an address or network, with dots"),
        ("podCIDR: true", "3:12: podCIDR: must be an address or network, with dots"),
        ("podCIDR: 10.96.0.0/16", "3:12: podCIDR 10.96.0.0/16 and serviceCIDR 10.96.0.0/12 overlap"),
        ("podCIDR: 10.3.0.0/25", "3:12: podCIDR 10.3.0.0/25 has room for 0 nodes (a /24 each), and there are 1"),
        (
            "serviceCIDR: 10.96.0.0/8",
            '3:16: serviceCIDR: 10.96.0.0/8 is not an IPv4 network (did you mean "10.0.0.0/8"?)',
        ),
        ("serviceCIDR: 10.96.0.0/30", "3:16: serviceCIDR 10.96.0.0/30 is out of kubeadm's bounds, /12 to /28"),
        (
            "endpoint: https://k8s.lab:6443/",
            '3:13: "https://k8s.lab:6443/" is not host or host:port (did you mean "k8s.lab:6443"?)',
        ),
        ("endpoint: k8s.lab:70000", '3:13: "k8s.lab:70000" is not host or host:port'),
        ("dnsDomain: Cluster.Local.", 'did you mean "cluster.local"?'),
        ("certSANs: [ok.lab, 'not ok']", '3:22: "not ok" is neither a DNS name nor an address'),
        ("name: My_Lab", '3:9: name: "My_Lab" is not a name by RFC 1123'),
        ("firewall: {policy: mangle}", '3:22: policy: must be one of: manage, enabled, leave (did you mean "manage"?)'),
        ("firewall: enable", '3:13: firewall: must be one of: manage, enabled, leave (did you mean "enabled"?)'),
        ("firewall:", "firewall: has no value (write one, or delete the line)"),
        ("bundle: not-there", "3:11: there is no bundle in /nowhere/not-there"),
        (
            "overlays: {kubeadm: {networking: {podSubnet: 10.3.0.0/16}}}",
            "3:37: kubeadm.networking.podSubnet is a field of the inventory (say it in cluster.podCIDR)",
        ),
        ("overlays: {containerd: {a: [{b: }]}}", "3:35: containerd's TOML has no empty value"),
        ("zzz: 1", '3:3: unknown key "zzz" (none of the '),
        ("zzz: 1", "names known here is near; `kboot inventory reference` has them all)"),
        ("mirrors: {kubernetes: {url: pkgs.k8s.io}}", "3:31: url: a URL of plain characters is wanted, as http"),
        ("mirrors: {kubernetes: {url: 'http://a/core:/stable:/'}}", "3:31: url: what stands before /core:/ is"),
        ("mirrors: {containerd: {url: http://a/linux/debian/}}", "3:31: url: what stands before /debian is wanted"),
        ("mirrors: {containerd: {key: 9DC8}}", "3:31: key: a key's whole fingerprint is wanted: 40 hex digits"),
        ("mirrors: {images: {'ghcr.io/x': 'http://a'}}", "a registry's host is wanted, as image names begin with it"),
        ("mirrors: {images: {ghcr.io: 'http://a b'}}", "a URL of plain characters is wanted"),
        ("mirrors: {manifests: mirror}", "3:24: there is no folder /nowhere/mirror"),
        ("checks: {ignore: [zzz]}", "is near; `kboot explain` lists them)"),
        ("overlays: {kubeproxy: {}}", '3:14: unknown key "kubeproxy" (did you mean "kubeProxy"?)'),
        ("bundleKey: abc", "3:14: bundleKey: 64 hex digits are wanted, as `kboot bundle list` shows them"),
        ("addons: flannel", "3:11: addons: must be a list"),
        ("addons: [metric-server]", '3:12: there is no addon "metric-server" (did you mean "metrics-server"?; one of'),
        ("addons: [flannel, flannel]", '3:21: the addon "flannel" is given twice'),
        (f"addons: [./{'a' * 300}]", "holds no addon.yaml"),
        ('bundle: "a\\0b"', "3:11: there is no bundle in"),
        ("addons: [./mine]", "3:12: /nowhere/mine holds no addon.yaml"),
        ("checks: {ignore: [no-such-check]}", '3:21: there is no check "no-such-check"'),
    ],
)
def test_a_wrong_field_of_the_cluster_is_told_at_its_place(fields: str, expected: str) -> None:
    assert [line for line in told(cluster(fields)) if expected in line]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("lables: {}", '6:5: unknown key "lables" (did you mean "labels"?)'),
        ("role: master", "6:11: role: must be one of: control-plane, worker"),
        ("role: Worker", 'did you mean "worker"?'),
        ("role: [control-plane, worker]", "6:11: role: must be one of: control-plane, worker"),
        ("role: control-plane", "6:11: w1 is a second control plane: kboot does not build more than one yet"),
        ("nodeIP: 10.1.0.1", "6:13: w1 has the same node address as cp1: 10.1.0.1"),
        ("nodeIP: 10.1.0.300", "6:13: nodeIP: 10.1.0.300 is not an IPv4 address"),
        ("nodeIP: 10.244.7.1", "6:13: w1's node address 10.244.7.1 lies inside podCIDR 10.244.0.0/16"),
        ("nodeIP: 10.97.7.1", "6:13: w1's node address 10.97.7.1 lies inside serviceCIDR 10.96.0.0/12"),
        ("nodeIP: 127.0.1.1", "6:13: 127.0.1.1 cannot be a node's address"),
        ("labels: {a/b/c: d}", '6:14: "a/b/c" is not a label key'),
        (
            "labels: {zone: 12}",
            '6:20: zone: 12 is a number to YAML, and text is wanted (put it in quotes: "12")',
        ),
        ("labels: {zone: 'a b'}", '6:20: "a b" is not a label value'),
        ("labels: {zone: yes}", '6:20: "yes" is a boolean to some tools and a word to others'),
        (
            "taints: ['foo=bar:NoSchedule']",
            "6:14: taints[0]: must be a mapping (write {key: foo, value: bar, effect: NoSchedule})",
        ),
        ("taints: ['a.lab/gpu=true:NoExecute']", "(write {key: a.lab/gpu, value: 'true', effect: NoExecute})"),
        ("taints: [gpu:noschedule]", "(write {key: gpu, effect: noschedule})"),
        ("taints: [gpu]", "(for example {key: lab.example/gpu, effect: NoSchedule})"),
        ("taints: [{key: gpu}]", '6:14: "effect" is missing'),
        ("taints: [{key: g u, effect: NoSchedule}]", '6:20: "g u" is not a taint key'),
        ("taints: [{key: gpu, effect: noschedule}]", 'did you mean "NoSchedule"?'),
        (
            "taints: [{key: g, effect: NoExecute}, {key: g, effect: NoExecute}]",
            "6:43: the taint g:NoExecute is given twice",
        ),
        ("ssh: {port: 0}", "6:17: port: 0 is out of range (greater than or equal to 1)"),
        ("ssh: {port: ssh}", "6:17: port: must be a whole number"),
        ("ssh: {bastion: a@b@c}", '6:20: "a@b@c" is not user@host[:port]'),
        ("ssh: {bastion: 'a@b,c@d:99999'}", '6:20: "c@d:99999" is not user@host[:port]'),
        ("ssh: {bastion: 'a@b,[fd00::1]:2222,'}", '6:20: "" is not user@host[:port]'),
        ("ssh: {key: no-key}", "6:16: /nowhere/no-key: No such file or directory"),
        ("ssh: {hostKeys: any}", "6:21: hostKeys: must be one of: strict, accept-new"),
    ],
)
def test_a_wrong_field_of_a_host_is_told_at_its_place(fields: str, expected: str) -> None:
    assert [line for line in told(host(fields)) if expected in line]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "{name: w1, address: 10.1.0.1, ssh: {port: 2201}}",
            "w1 and cp1 are both reached by 10.1.0.1, and w1 has no nod",
        ),
        ("{name: Web_1, address: 10.1.0.2}", '4:12: name: "Web_1" is not a name by RFC 1123'),
        ("{name: Web_1, address: 10.1.0.2}", 'did you mean "web-1"?'),
        ("{name: cp1, address: 10.1.0.2}", '4:12: two hosts are named "cp1"'),
        ("{name: cp1, address: 10.1.0.1}", "4:12: cp1 is given as control-plane and as worker: a host has one role"),
        ("{name: w1, address: 10.1.0.1}", "4:25: w1 has the same address as cp1: 10.1.0.1"),
        ("{name: w1, address: admin@10.1.0.2}", '(did you mean "10.1.0.2"? and `ssh: {user: admin}`)'),
        ("{name: w1, address: '10.1.0.2:2222'}", '(did you mean "10.1.0.2"? and `ssh: {port: 2222}`)'),
        ("{name: w1, address: 'fd00::1'}", "kboot does not speak IPv6 yet"),
        ("{name: w1, address: 10.1.0.256}", '4:25: "10.1.0.256" is neither an IPv4 address nor a DNS name'),
        ("{name: w1, address: w1.lab}", "4:25: w1 has a name for an address, and no nodeIP"),
        ("{name: w1}", '4:5: "address" is missing'),
        ("{name: [w1], address: 10.1.0.2}", "4:12: name: must be one line of text"),
        ("{name: w1, address: 10.1.0.2, ssh: {key: /}}", "4:46: / is not a regular file"),
        (
            "{name: w1, address: 10.1.0.2, ssh: {key: ~no-such-user-here/key}}",
            "4:46: /nowhere/~no-such-user-here/key: No",
        ),
        ("{name: w1, address: 10.1.0.2, taints: [{key: a, value: 'b c', effect: NoExecute}]}", "is not a taint value"),
        ("w1", "4:5: hosts[1]: must be a mapping"),
    ],
)
def test_a_wrong_host_is_told_at_its_place(entry: str, expected: str) -> None:
    assert [line for line in told(f"{HEAD}{HOSTS}  - {entry}\n") if expected in line]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        ("# nothing\n", "1:1: the file is empty"),
        ("- a\n", "1:1: an inventory is a mapping"),
        (HOSTS, '1:1: "apiVersion" is missing'),
        ("apiVersion: kboot/v2\n" + HOSTS, '1:13: apiVersion: must be one of: kboot/v1 (did you mean "kboot/v1"?)'),
        (HEAD, '1:1: "hosts" is missing'),
        (HEAD + "hosts: []\n", "2:8: hosts: must have at least one entry"),
        (HEAD + "hosts:\n", "2:7: hosts: has no value"),
        (HEAD + "hosts:\n  - {name: w1, address: 10.1.0.2}\n", "2:1: no host has the role control-plane"),
        (HEAD + HOSTS + "hosts: []\n", '4:1: the key "hosts" is given twice; first in line 2'),
    ],
)
def test_a_wrong_file_is_told_at_its_place(text: str, expected: str) -> None:
    assert [line for line in told(text) if expected in line]


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_file() -> None:
    text = f"{HEAD}cluster:\n  podCidr: 1\n  kubernetes: 1.99.0\n{HOSTS}  - {{name: B_1, address: 10.244.0.1}}\n"
    lines = told(text)
    assert [line.split(" ")[0] for line in lines] == ["3:3:", "4:15:", "7:12:", "7:26:"]


def test_what_rests_on_a_field_that_is_wrong_already_is_not_told() -> None:
    lines = told(f"{HEAD}hosts:\n  - {{name: cp1, address: 10.1.0.1, role: contrl-plane}}\n")
    assert len(lines) == 1, "no second line about a missing control plane"


@pytest.mark.parametrize(
    ("name", "called"),
    [("name: W_1, ", "W_1"), ("", "hosts[1]"), ("name: '', ", "hosts[1]"), ("name: [a], ", "hosts[1]")],
)
def test_a_host_with_an_unusable_name_is_called_as_the_file_calls_it(name: str, called: str) -> None:
    one, other = f"  - {{{name}address: 10.1.0.2}}\n", "  - {name: unusable-7, address: 10.1.0.2}\n"
    lines = told(f"{HEAD}{HOSTS}{one}{other}  - {{name: B_1, address: b.lab}}\n")
    assert f"5:33: unusable-7 has the same address as {called}: 10.1.0.2 (each machine has one entry)" in lines
    assert any("B_1 has a name for an address" in line and line.endswith("reach B_1)") for line in lines)


def test_two_ports_of_one_address_are_two_machines_when_their_node_addresses_differ() -> None:
    one = "{name: cp1, address: 10.9.0.1, nodeIP: 10.1.0.1, role: control-plane, ssh: {port: 2222}}"
    two = "{name: w1, address: 10.9.0.1, nodeIP: 10.1.0.2, ssh: {port: 2200}}"
    assert len(inventory_of(Source("x.yaml", f"{HEAD}hosts:\n  - {one}\n  - {two}\n")).hosts) == 2


def test_relative_paths_start_at_the_folder_of_the_inventory(tmp_path: Path) -> None:
    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "addon.yaml").touch()
    file = tmp_path / "lab.yaml"
    file.write_text(
        f"{HEAD}ssh: {{key: key, knownHosts: sub/known_hosts}}\ncluster: {{addons: [./mine, flannel]}}\n{HOSTS}"
    )
    inventory = load_inventory(file)
    assert inventory.ssh.key == str(tmp_path / "key")
    assert inventory.ssh.known_hosts == str(tmp_path / "sub" / "known_hosts")
    assert inventory.cluster.addons == (str(tmp_path / "mine"), "flannel")


def test_a_key_that_others_can_read_is_refused_with_the_chmod(tmp_path: Path) -> None:
    key = tmp_path / "my key"
    key.touch(mode=0o600)
    key.chmod(0o644)
    lines = told(f"{HEAD}ssh: {{key: my key}}\n{HOSTS}", tmp_path)
    assert lines == [f"2:12: {key} can be read by others (mode 0644) (run: chmod 600 '{key}')"]


def test_a_public_key_is_not_taken_for_the_private_one(tmp_path: Path) -> None:
    (tmp_path / "key.pub").touch()
    (line,) = told(f"{HEAD}ssh: {{key: key.pub}}\n{HOSTS}", tmp_path)
    assert line == f'2:12: {tmp_path}/key.pub is a public key (did you mean "{tmp_path}/key"?)'


def test_a_sudo_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").chmod(0o640)
    assert "mode 0640" in told(f"{HEAD}ssh: {{sudoPasswordFile: password}}\n{HOSTS}", tmp_path)[0]


def test_a_hosts_ssh_settings_stand_over_the_files() -> None:
    host = "{name: cp1, address: 10.1.0.1, role: control-plane, ssh: {port: 2222}}"
    text = f"{HEAD}ssh: {{user: admin, port: 22}}\nhosts:\n  - {host}\n"
    inventory = inventory_of(Source("x.yaml", text))
    ssh = inventory.ssh_of(inventory.hosts[0])
    assert (ssh.user, ssh.port) == ("admin", 2222)


def test_a_thousand_mistakes_are_told_within_a_second() -> None:
    hosts = "".join(f"  - {{name: w{n}, address: 10.96.{n // 250}.{n % 250 + 1}}}\n" for n in range(1000))
    started = time.process_time()
    assert len(told(f"{HEAD}cluster: {{podCIDR: 10.128.0.0/12}}\n{HOSTS}{hosts}")) == 1000
    assert time.process_time() - started < (2 if sys.gettrace() else 1)


def test_a_screen_is_not_flooded() -> None:
    hosts = "".join(f"  - {{name: w{n}, address: 10.96.0.{n}}}\n" for n in range(1, 101))
    with pytest.raises(InvalidInput) as caught:
        inventory_of(Source("x.yaml", f"{HEAD}{HOSTS}{hosts}"))
    assert caught.value.evidence.splitlines()[-1] == "... and 60 more"
    assert caught.value.problem == "100 mistakes in x.yaml"
