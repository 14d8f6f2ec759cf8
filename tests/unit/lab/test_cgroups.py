"""Where a host's cgroups go, from what /proc says."""

import os
import subprocess
from pathlib import Path

import pytest

from bootstrap.lab import cgroups
from bootstrap.lab.cgroups import enter, hierarchies, host_groups, make, members, recorded, remove, remove_labs

NOBODY = 2**22 + 1  # proc(5): /proc/sys/kernel/pid_max is at most 2^22
V1_CGROUP = """\
4:memory:/process_api/ce8a
3:cpuset:/
2:cpu,cpuacct:/jobs
1:name=systemd:/
0::/
"""
V1_MOUNTS = """\
25 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
33 30 0:29 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset
34 30 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 30 0:35 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
40 30 0:36 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""
V2_MOUNTS = "30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"


def test_on_cgroup_v1_a_host_gets_a_child_of_this_process_group_in_every_hierarchy() -> None:
    groups = host_groups("lab", "w1", hierarchies(V1_CGROUP, V1_MOUNTS))

    assert set(groups) == {
        Path("/sys/fs/cgroup/memory/process_api/ce8a/kboot-lab-lab/w1"),
        Path("/sys/fs/cgroup/cpuset/kboot-lab-lab/w1"),
        Path("/sys/fs/cgroup/cpu,cpuacct/jobs/kboot-lab-lab/w1"),
        Path("/sys/fs/cgroup/systemd/kboot-lab-lab/w1"),
        Path("/sys/fs/cgroup/unified/kboot-lab-lab/w1"),
    }


def test_on_cgroup_v2_alone_a_host_stands_beside_the_group_that_holds_this_process() -> None:
    groups = host_groups("lab", "cp1", hierarchies("0::/user.slice/session-3.scope\n", V2_MOUNTS))

    assert groups == (Path("/sys/fs/cgroup/kboot-lab-lab/cp1"),)


def test_a_hierarchy_that_is_not_mounted_is_left_out() -> None:
    assert hierarchies("5:devices:/\n", V1_MOUNTS) == ()


def test_two_labs_never_share_a_group() -> None:
    found = hierarchies(V1_CGROUP, V1_MOUNTS)

    assert not set(host_groups("a", "cp1", found)) & set(host_groups("b", "cp1", found))


def test_no_group_but_a_lab_hosts_own_is_ever_removed(tmp_path: Path) -> None:
    group = tmp_path / "system.slice" / "ssh.service"
    group.mkdir(parents=True)

    with pytest.raises(ValueError, match=r"ssh\.service"):
        remove([group])
    assert group.is_dir()


def test_removing_takes_the_groups_below_with_it_and_then_the_lab(tmp_path: Path) -> None:
    group = tmp_path / "kboot-lab-x" / "w1"
    (group / "kubepods" / "pod1").mkdir(parents=True)

    remove([group])
    remove_labs([group])

    assert list(tmp_path.iterdir()) == []


def test_members_counts_the_groups_below_too(tmp_path: Path) -> None:
    (tmp_path / "payload").mkdir()
    (tmp_path / "cgroup.procs").write_text("")
    (tmp_path / "payload" / "cgroup.procs").write_text("12\n13\n")

    assert members(tmp_path) == (12, 13)


def test_a_group_that_went_while_it_was_counted_has_no_members(tmp_path: Path) -> None:
    assert members(tmp_path / "gone") == ()


def _hierarchy(tmp_path: Path, **files: str) -> Path:
    """A folder in a cgroup's place, its lab's and its host's groups below; a kernel would make the files by itself."""
    group = tmp_path / "kboot-lab-x" / "w1"
    for level in (tmp_path, group.parent, group):
        level.mkdir(exist_ok=True)
        for name, text in files.items():
            (level / name.replace("__", ".")).write_text(text if level == tmp_path else "\n")
    return group


def test_the_groups_are_made_down_to_the_host_and_may_be_there_already(tmp_path: Path) -> None:
    group = tmp_path / "kboot-lab-x" / "w1"
    for _ in range(2):
        make([group])
    assert [path.name for path in tmp_path.rglob("*")] == ["kboot-lab-x", "w1"]


def test_cpusets_masks_are_copied_down_for_they_do_not_inherit(tmp_path: Path) -> None:
    group = _hierarchy(tmp_path, cpuset__cpus="0-1\n", cpuset__mems="0\n")
    make([group])
    assert [(group / name).read_text() for name in ("cpuset.cpus", "cpuset.mems")] == ["0-1\n", "0\n"]


def test_a_mask_that_a_person_has_set_is_kept(tmp_path: Path) -> None:
    group = _hierarchy(tmp_path, cpuset__cpus="0-1\n")
    (group.parent / "cpuset.cpus").write_text("1\n")
    make([group])
    assert (group / "cpuset.cpus").read_text() == "1\n"


def test_in_v2_the_labs_controllers_are_handed_down_and_no_mask_is_written(tmp_path: Path) -> None:
    group = _hierarchy(tmp_path, cpuset__cpus="0-1\n", cgroup__controllers="cpu memory\n")
    (group.parent / "cgroup.controllers").write_text("cpu memory\n")
    make([group])
    assert (group.parent / "cgroup.subtree_control").read_text() == "+cpu +memory"
    assert (group / "cpuset.cpus").read_text() == "\n"


def test_in_a_v2_tree_without_controllers_nothing_is_handed_down(tmp_path: Path) -> None:
    group = _hierarchy(tmp_path, cgroup__controllers="")
    make([group])
    assert not (group.parent / "cgroup.subtree_control").exists()


def test_this_process_enters_every_group(tmp_path: Path) -> None:
    groups = [tmp_path / name for name in ("cpu", "memory")]
    for group in groups:
        group.mkdir()
    enter(groups)
    assert [(group / "cgroup.procs").read_text() for group in groups] == [str(os.getpid())] * 2


def test_what_is_left_in_a_group_is_killed_before_the_group_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = tmp_path / "kboot-lab-x" / "w1"
    (group / "kubepods").mkdir(parents=True)
    with subprocess.Popen(["sleep", "90"]) as left:
        listed = [(NOBODY, left.pid), (left.pid,), ()]
        monkeypatch.setattr(cgroups, "members", lambda _group: listed.pop(0))
        remove([group])
        assert left.wait(60) == -9
    assert not group.exists()


def test_a_group_whose_processes_cannot_be_killed_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = tmp_path / "kboot-lab-x" / "w1"
    group.mkdir(parents=True)
    (group / "cgroup.procs").write_text(f"{NOBODY}\n")
    monkeypatch.setattr(cgroups, "EMPTY_TIMEOUT_S", 0.05)
    with pytest.raises(OSError, match="not empty"):
        remove([group])


def test_removing_a_group_that_is_gone_and_a_lab_that_is_gone_is_fine(tmp_path: Path) -> None:
    group = tmp_path / "kboot-lab-x" / "w1"
    remove([group])
    remove_labs([group, tmp_path / "system.slice" / "ssh.service"])


def test_a_host_that_never_booted_has_no_groups_on_record(tmp_path: Path) -> None:
    assert recorded(tmp_path / "cgroups") == ()
    (tmp_path / "cgroups").write_text("/a/kboot-lab-x/w1\n/b/kboot-lab-x/w1\n")
    assert recorded(tmp_path / "cgroups") == (Path("/a/kboot-lab-x/w1"), Path("/b/kboot-lab-x/w1"))
