"""Where a host's cgroups go, from what /proc says."""

from pathlib import Path

import pytest

from bootstrap.lab.cgroups import hierarchies, host_groups, members, remove, remove_labs

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
