"""The commands that make a host no node any more."""

from pathlib import Path

from bootstrap.steps import reset

STEPS = Path(reset.__file__).parent


def test_they_name_all_that_flannel_leaves_after_a_reset() -> None:
    assert reset.RESET.startswith("sudo kubeadm reset -f; ")
    for left in ("cni0", "flannel.1", "/etc/cni/net.d/10-flannel.conflist", "/run/flannel/subnet.env", "cbr0"):
        assert left in reset.CLEAR_NETWORK


def test_they_name_all_that_kube_proxy_leaves() -> None:
    for command in ("nft delete table ip kube-proxy", "nft delete table ip6 kube-proxy", "iptables-restore"):
        assert command in reset.RESET


def test_only_what_was_found_is_named() -> None:
    assert reset.commands(("/run/flannel/subnet.env", "cni0")) == (
        "sudo ip link delete cni0; sudo rm -rf /run/flannel/subnet.env"
    )


def test_no_advice_has_commands_of_its_own() -> None:
    told = {path.name for path in STEPS.rglob("*.py") if "kubeadm reset -f" in path.read_text()}
    assert told == {"reset.py"}
