"""Whatever subset of kubeadm's files a killed init left, what stays can be taken over by the next one."""

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.kubeadm import AUTHORITIES, KUBECONFIGS, MANIFESTS, PAIRS, Files
from bootstrap.steps.control_plane.unfinished import beyond_mending, broken, ignored_checks

PATHS = [*(path for pair in PAIRS.values() for path in pair), *KUBECONFIGS, *MANIFESTS]


@st.composite
def left_files(draw: st.DrawFn) -> Files:
    present = draw(st.sets(st.sampled_from(PATHS)))
    whole = draw(st.sets(st.sampled_from(sorted(present)))) if present else set()
    return Files(frozenset(present), frozenset(whole), draw(st.booleans()))


@given(left_files())
def test_after_the_removal_every_pair_is_whole_or_gone_and_every_kubeconfig_too(files: Files) -> None:
    gone = set(broken(files))
    assert gone <= files.present
    for pair in PAIRS.values():
        left = [path for path in pair if path in files.present - gone]
        assert left in ([], list(pair))
        assert files.whole.issuperset(left)
    assert all(path in files.whole for path in KUBECONFIGS if path in files.present - gone)


@given(left_files())
def test_a_whole_authority_is_never_removed(files: Files) -> None:
    kept = {path for name in AUTHORITIES if files.whole.issuperset(PAIRS[name]) for path in PAIRS[name]}
    assert not kept & set(broken(files))


def test_kubeadm_makes_an_authority_before_what_it_signs_so_a_kill_is_mended() -> None:
    order = [
        path for name in ("ca", "apiserver", "front-proxy-ca", "front-proxy-client") for path in reversed(PAIRS[name])
    ]
    for count in range(len(order) + 1):
        done = frozenset(order[:count])
        assert not beyond_mending(Files(done, done))


def test_a_lost_authority_under_living_certificates_is_beyond_mending() -> None:
    leaf = frozenset(PAIRS["apiserver"])
    assert "pki/ca.crt" in beyond_mending(Files(leaf, leaf))
    assert "/var/lib/etcd" in beyond_mending(Files(frozenset(), frozenset(), etcd_data=True))


def test_only_what_is_there_is_ignored() -> None:
    assert ignored_checks(Files(frozenset(), frozenset())) == ()
    one = frozenset(MANIFESTS[:1])
    names = ignored_checks(Files(one, one))
    assert names[0] == "FileAvailable--etc-kubernetes-manifests-kube-apiserver.yaml"
    assert "Port-6443" in names
    assert not any("DirAvailable" in name for name in names)
