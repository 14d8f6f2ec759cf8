"""The mend that a mistake comes with is right when it is typed, and stands where the mistake is."""

import pytest

from .test_inventory import CONTROL_PLANE, HEAD, HOSTS, cluster, host, told


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("kubernetes: 1.30", "text is wanted (known: 1.34.4, 1.35.4, 1.36.1, 1.36.3)"),
        ("podCIDR: fd00::/48", "3:12: podCIDR: fd00::/48 is not an IPv4 network (kboot does not speak IPv6 yet)"),
        ("firewall: true", "3:13: firewall: must be one of: manage, enabled, leave"),
        ("addons: flannel", "3:11: addons: must be a list (write addons: [flannel])"),
        ("bundle: ''", "3:11: bundle: is empty (write one, or delete the line)"),
        ("bundle: a b", "`sudo kboot bundle build --output '/nowhere/a b'` makes one"),
        (
            "dnsDomain: 1.5",
            "3:14: dnsDomain: 1.5 is a number to YAML, and text is wanted (for example cluster.lab.example)",
        ),
        ("dnsDomain: a_b", '(did you mean "a-b"?)'),
        ("dnsDomain: _", "(for example cluster.local)"),
        ("endpoint: K8S.lab", '(did you mean "k8s.lab"?)'),
        ("endpoint: 'fd00::1'", "(kboot does not speak IPv6 yet)"),
        (
            "endpoint: localhost",
            "3:13: by localhost every node would ask itself for the API server (name the control plane",
        ),
        ("endpoint: 0.0.0.0:6443", "3:13: by 0.0.0.0 every node would ask itself"),
        ("endpoint: 10.96.0.1", "3:13: 10.96.0.1 lies inside the service network"),
        ("endpoint: 10.244.1.1:6443", "3:13: 10.244.1.1 lies inside the pod network"),
        ("endpoint: 224.0.0.1", "3:13: 224.0.0.1 is no machine's address"),
        ("podCIDR: 127.0.0.0/16\n  serviceCIDR: 10.244.0.0/16", "(for example podCIDR: 10.200.0.0/16)"),
        ("serviceCIDR: 127.0.0.0/16", "(for example serviceCIDR: 10.200.0.0/16)"),
        ("podCIDR: 10.96.0.0/16\n  serviceCIDR: 10.244.0.0/30", "(for example serviceCIDR: 10.244.0.0/16)"),
        ("certSANs: ['https://k8s.lab:6443/']", 'neither a DNS name nor an address (did you mean "k8s.lab"?)'),
        ("certSANs: ['fd00::1']", "(kboot does not speak IPv6 yet)"),
        ("certSANs: [10.0.0.300]", '"10.0.0.300" is neither a DNS name nor an address (for example k8s.lab.example)'),
        ("certSANs: [*.lab.example]", "(a value that begins with * or & needs quotes)"),
        ("certSANs: [10.5]", "3:14: certSANs[0]: 10.5 is a number to YAML, and text is wanted (for example k8s"),
        ("bundle: true", "text is wanted (for example /srv/kboot/1.36.3-amd64)"),
        ('bundle: b\n  kubernetes: "1.35.4"', "bundle build --output /nowhere/b --kubernetes 1.35.4` makes one"),
        ("bundleKey: 12", "text is wanted (for example 0123456789abcdef"),
        ("firewall: disabled", "must be one of: manage, enabled, leave (did you mean \"leave\"?)"),
        ("firewall: {apiFrom: [any]}", "3:24: apiFrom[0]: any is not an IPv4 network (for example 192.168.1.0/24)"),
        ("ssh: {user: admin}", '3:3: unknown key "ssh" (it belongs at the left margin)'),
        ("runtimeConflict: yes", "3:20: runtimeConflict: must be one of: auto, keep, replace"),
        ("name: yes", '3:9: "yes" is a boolean to some tools and a word to others'),
        ("version: 1.36.3", '3:3: unknown key "version" (did you mean "kubernetes"?)'),
        ("podSubnet: 10.3.0.0/16", '3:3: unknown key "podSubnet" (did you mean "podCIDR"?)'),
        ("user: admin", '3:3: unknown key "user" (it belongs below `ssh:`)'),
        ("nodes: []", '3:3: unknown key "nodes" (it belongs at the left margin, as "hosts")'),
        ("mirrors: {kubernetes: {url: 'https://a:99999'}}", "3:31: url: a URL of plain characters is wanted"),
        ("overlays: {kubelet: {kind: X}}", "3:24: kind is not to be changed: kboot writes one format of kubelet's"),
        (
            "overlays: {kubeadm: {apiServer: {extraArgs: {v: 4}}}}",
            """3:36: extraArgs is a list since kubeadm's v1beta4 (write [{name: v, value: "4"}])""",
        ),
        (
            "overlays: {kubeadm: {apiServer: {extraArgs: {profiling: false, a: , b: 'c\"d'}}}}",
            """[{name: profiling, value: "false"}, {name: a, value: ""}, {name: b, value: "c\\"d"}])""",
        ),
        (
            "name: !!python/name:os.system",
            "3:9: the tag !!python/name:os.system is not allowed (write the plain value)",
        ),
        (
            "mirrors: {kubernetes: {url: pkgs.k8s.io}}",
            "3:31: url: a URL of plain characters is wanted, as https://mirror.lab.example/path",
        ),
    ],
)  # fmt: skip
def test_a_field_of_the_cluster(fields: str, expected: str) -> None:
    assert [line for line in told(cluster(fields)) if expected in line]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("nodeIP: fd00::1", "6:13: nodeIP: fd00::1 is not an IPv4 address (kboot does not speak IPv6 yet)"),
        ("nodeIP: 10.1.0.2/24", '(did you mean "10.1.0.2"?)'),
        ("nodeIP: 7", "6:13: nodeIP: must be an address or network, with dots (for example 10.0.0.11)"),
        ("port: 2222", '6:5: unknown key "port" (it belongs below `ssh:`)'),
        ("podCIDR: 10.3.0.0/16", '6:5: unknown key "podCIDR" (it belongs below `cluster:`)'),
        ("labels: {release: 1.30}", 'text is wanted (put it in quotes: "1.30")'),
        ("taints: gpu=a:NoSchedule", "6:13: taints: must be a list (write [{key: gpu, value: a, effect: NoSchedule}])"),
        (
            "taints: [{key: node.kubernetes.io/not-ready, effect: NoExecute}]",
            "6:14: Kubernetes sets and takes off the taint node.kubernetes.io/not-ready itself (delete it)",
        ),
        ("ssh: {bastion: 10.1.0.300}", '6:20: "10.1.0.300" is not user@host[:port]'),
        ("ssh: {port: 022}", "6:17: port: must be a whole number (digits alone, and no 0 before them)"),
        ("ssh: {key: ''}", "6:16: key: is empty"),
        ("ssh: root@10.1.0.2", "6:10: ssh: must be a mapping (for example ssh: {port: 2222})"),
        ("labels: [gpu=1]", "6:13: labels: must be a mapping (for example labels: {lab.example/rack: a1})"),
        ("nodeIP: root@w1.lab", "6:13: nodeIP: root@w1.lab is not an IPv4 address (for example 192.168.1.11)"),
        ("ssh: {bastion: [a, b]}", "6:20: bastion: must be one line of text (for example jump@bastion.example:2222)"),
        ("ssh: {bastion: 'ssh://j@b:22/'}", '"ssh://j@b:22/" is not user@host[:port] (did you mean "j@b:22"?)'),
        ("ssh: {key: /nowhere/at/all}", "inventory's folder; there is no folder /nowhere/at either)"),
        (
            "taints: [{key: gpu}]",
            '6:14: "effect" is missing (What happens to pods that do not tolerate it; for example `effect: NoSch',
        ),
    ],
)  # fmt: skip
def test_a_field_of_a_host(fields: str, expected: str) -> None:
    assert [line for line in told(host(fields)) if expected in line]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "{name: w1, address: 'ssh://me@w1.lab:22/'}",
            'DNS name (did you mean "w1.lab"? and `ssh: {user: me, port: 22}`)',
        ),
        ("{name: w1, address: 'http://10.1.0.2'}", '(did you mean "10.1.0.2"?)'),
        ("{name: w1, address: 10.1.0.2/24}", '(did you mean "10.1.0.2"?)'),
        ("{name: w1, address: 10.1.0.02}", '(did you mean "10.1.0.2"?)'),
        ("{name: w1, address: w1.lab.}", '(did you mean "w1.lab"?)'),
        ("{name: w1, address: 'w 1'}", "(for example 192.168.1.11)"),
        (
            "{name: w1, address: 42}",
            "4:25: address: 42 is a number to YAML, and text is wanted (for example 192.168.1.11)",
        ),
        ("{name: w1, address: w\u0441.lab}", "(cyrillic small letter es (U+0441) stands in no address"),
        ("{name: \u0441p2, address: 10.1.0.2}", "(cyrillic small letter es (U+0441) is none of these"),
        ("{name: \uff57\uff11, address: 10.1.0.2}", '(did you mean "w1"?)'),
        ("{name: w1, address: }", "4:25: address: has no value (write one, for example 192.168.1.11)"),
        ("{name: w1, address: 10.1.0.l1}", '4:25: "10.1.0.l1" is neither an IPv4 address nor a DNS name'),
        ("{name: w1, address: 192.168.1.21-25}", '"192.168.1.21-25" is neither an IPv4 address nor a DNS name'),
        ("{name: w1, address: '10.1.0.2:99999'}", '(did you mean "10.1.0.2"?)'),
        ("{name: 1.5, address: 10.1.0.2}", 'a number to YAML, and text is wanted (did you mean "1-5"?)'),
        ("{name: 15, address: 10.1.0.2}", '4:12: name: 15 is a number to YAML, and text is wanted (put it in quotes'),
        ("{name: 'w\u200b1', address: 10.1.0.2}", '(did you mean "w1"?)'),
        ("{name: w1}", '4:5: "address" is missing (Where SSH reaches the host; for example `address: 192.168.1.11`)'),
        ("{name: cp1, address: 10.1.0.1, role: control-plane}", "4:12: cp1 is given twice (keep one entry)"),
        (
            "w1",
            "4:5: hosts[1]: must be a mapping (for example {name: cp1, address: 192.168.1.11, role: control-plane})",
        ),
        ("{name: w1, ip: 10.1.0.2}", '4:16: unknown key "ip" (did you mean "address"?)'),
    ],
)  # fmt: skip
def test_a_host(entry: str, expected: str) -> None:
    assert [line for line in told(f"{HEAD}{HOSTS}  - {entry}\n") if expected in line]


@pytest.mark.parametrize("value", ["yes", "!!binary aGk=", "!!python/tuple [a]"])
@pytest.mark.parametrize("key", ["kubernetes", "controlPlaneTaint", "firewall"])
def test_of_one_word_one_mistake_is_told(key: str, value: str) -> None:
    assert len(told(cluster(f"{key}: {value}"))) == 1


def test_the_control_planes_taint_is_said_once() -> None:
    taint = "{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}"
    control_plane = CONTROL_PLANE.replace("}", f", taints: [{taint}]}}")
    rule = "3:66: the taint node-role.kubernetes.io/control-plane is said by cluster.controlPlaneTaint"
    (line,) = told(f"{HEAD}hosts:\n{control_plane}")
    assert line.startswith(rule)


def test_a_pod_network_that_is_too_small_is_widened_where_nothing_else_is() -> None:
    hosts = "".join(f"  - {{name: w{n}, address: 10.9.{n // 250}.{n % 250 + 1}}}\n" for n in range(300))
    (line,) = told(f"{HEAD}{HOSTS}{hosts}")
    assert line.endswith('has room for 256 nodes (a /24 each), and there are 301 (did you mean "10.244.0.0/15"?)')


def test_a_workers_address_is_no_endpoint() -> None:
    (line,) = told(f"{HEAD}cluster: {{endpoint: 10.1.0.2}}\n{HOSTS}  - {{name: w1, address: 10.1.0.2}}\n")
    assert line.startswith("2:21: 10.1.0.2 is the address of w1, a worker (name the control plane")


def test_a_known_key_at_the_left_margin_is_not_taken_for_a_near_one() -> None:
    (line,) = told(f"{HEAD}user: admin\n{HOSTS}")
    assert line.startswith('2:1: unknown key "user" (it belongs below `ssh:`)')


def test_an_indentation_that_is_no_space_has_its_name() -> None:
    (line,) = told(f"{HEAD}hosts:\n  - name: cp1\n\u00a0\u00a0\u00a0\u00a0address: 10.1.0.1\n    role: control-plane\n")
    assert line.startswith("4:1: no-break space (U+00A0) stands where YAML wants a space")


def test_another_tools_file_is_told_from_an_inventory() -> None:
    (line,) = told("apiVersion: v1\nkind: Cluster\n")
    assert line.endswith("(`kboot inventory init HOST...` writes one)")


def test_a_playbook_is_no_inventory() -> None:
    (line,) = told(f"{HEAD}kind: Playbook\nname: up\nphases: []\n")
    assert line.startswith("2:1: is of the kind Playbook, and an inventory is wanted")
    assert "`kboot run /nowhere/x.yaml` runs a playbook" in line
