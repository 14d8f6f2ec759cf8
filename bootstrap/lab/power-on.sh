#!/bin/sh
# The first process of a lab host: turns what systemd-nspawn gives into what metal gives, then becomes systemd.
# It may not fail: a host that lacks one of these is better seen from inside than not booted at all.

# kubelet, containerd and systemd write here; nspawn mounts these read-only. A plain remount says "busy".
for mount in /sys/fs/cgroup /sys/fs/cgroup/*; do
    mountpoint -q "$mount" && mount -o remount,bind,rw "$mount"
done
# kubelet's out-of-memory watcher opens the kernel log, which belongs to the machine.
ln -sf /dev/console /dev/kmsg
# Sysctls outside the network namespace, swap and sysrq are the whole machine's: this host gets its own copies.
# Private meanwhile: unmounting one of two shared twins would unmount the other.
mount --make-rprivate /
own=/run/lab-machine
mkdir -p "$own" && mount -t tmpfs -o mode=0755 tmpfs "$own"
for tree in kernel vm fs; do
    cp -r "/proc/sys/$tree" "$own/" 2>/dev/null
done
mount --rbind /proc/sys/kernel/random "$own/kernel/random"
for live in hostname domainname ns_last_pid; do
    mount --bind "/proc/sys/kernel/$live" "$own/kernel/$live"
done
for tree in kernel vm fs; do
    mount --rbind "$own/$tree" "/proc/sys/$tree"
done
head -n 1 /proc/swaps >"$own/swaps" && mount --bind "$own/swaps" /proc/swaps
[ -e /proc/sysrq-trigger ] && mount --bind /dev/null /proc/sysrq-trigger
# Where the machine has a board with a serial number, each host has one of its own.
board=/sys/class/dmi/id/product_uuid
if [ -e "$board" ]; then
    sed -E 's/(.{8})(.{4})(.{4})(.{4})/\1-\2-\3-\4-/' /etc/machine-id >"$own/product_uuid"
    mount --bind "$own/product_uuid" "$board"
fi
# What is bound stays; without this systemd would see every mount twice.
umount --lazy "$own" && rmdir "$own"
# A machine's root is shared, which mount propagation into pods relies on.
mount --make-rshared /

# modprobe answers for what the kernel has built in as it does on metal, where these are modules.
modules="/lib/modules/$(uname -r)"
if [ ! -e "$modules/modules.builtin.bin" ]; then
    mkdir -p "$modules"
    : >"$modules/modules.order"
    {
        grep -qw overlay /proc/filesystems && echo kernel/fs/overlayfs/overlay.ko
        [ -d /proc/sys/net/bridge ] && echo kernel/net/bridge/br_netfilter.ko
        [ -e /proc/sys/net/netfilter/nf_conntrack_max ] && echo kernel/net/netfilter/nf_conntrack.ko
        [ -d /sys/module/vxlan ] && echo kernel/drivers/net/vxlan/vxlan.ko
    } >"$modules/modules.builtin"
    depmod 2>/dev/null
fi

# What this lab's troubles do at every boot.
for part in /usr/lib/kboot-lab/power-on.d/*; do
    [ -e "$part" ] && sh "$part"
done

# Ends with systemd-nspawn, which ends with the supervisor: a host that nobody watches would be a leftover.
exec setpriv --pdeathsig KILL /usr/lib/systemd/systemd "$@"
