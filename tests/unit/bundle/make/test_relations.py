"""A host is brought all that an installation may need, and not what only stands beside it in the bundle."""

from pathlib import Path

from bootstrap.bundle.make.debfile import DebFile
from bootstrap.bundle.make.relations import drawn_in, names_in

DEBS = tuple(
    DebFile(Path(name), name, "1", "amd64", depends, provides)
    for name, depends, provides in (
        ("kubelet", "kubernetes-cni (>= 1.2.0), mount", ""),
        ("kubernetes-cni", "", ""),
        ("containerd.io", "libc6:any (>= 2.34), libseccomp2 (>= 2.5.0)", "containerd, runc"),
        ("libseccomp2", "libloop1 [amd64]", ""),
        ("libloop1", "libseccomp2", ""),
        ("iptables", "libxtables12 (= 1.8.9-2) | libxtables-old, netbase | network-base", ""),
        ("libxtables12", "", ""),
        ("other-base", "", "network-base (= 6.4)"),
        ("ufw", "iptables, python3:any", ""),
        ("python3", "", ""),
    )
)


def test_dependencies_are_followed_to_their_end_and_round_in_circles() -> None:
    assert drawn_in(["kubelet", "containerd.io"], DEBS) == {
        "kubelet", "kubernetes-cni", "containerd.io", "libseccomp2", "libloop1",
    }  # fmt: skip


def test_every_alternative_and_every_provider_may_be_the_one() -> None:
    assert drawn_in(["iptables"], DEBS) == {"iptables", "libxtables12", "other-base"}


def test_what_nothing_needs_stays_in_the_bundle() -> None:
    assert not drawn_in(["kubelet", "containerd.io", "iptables"], DEBS) & {"ufw", "python3"}


def test_names_are_read_without_versions_and_architectures() -> None:
    assert list(names_in("a (>= 1:2~) | b, c:any [amd64], libstdc++6 (<< 9)")) == ["a", "b", "c", "libstdc++6"]
    assert list(names_in("")) == []
