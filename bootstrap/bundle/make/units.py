"""What upstream's packaging adds to the programs: units, defaults, maintainer scripts; our words, its meaning.

Sources: kubernetes.io/docs/setup/production-environment/tools/kubeadm/kubelet-integration/ (unit and drop-in) and
debhelper's systemd snippets (deb-systemd-helper(1p)).
"""

UNIT_FOLDER = "/usr/lib/systemd/system"

KUBELET_UNIT = """\
[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
"""

# kubeadm writes the files named here: the flags file at init and join, the bootstrap kubeconfig only for a join.
_KUBECONFIGS = "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
KUBEADM_DROP_IN = f"""\
[Service]
Environment="KUBELET_KUBECONFIG_ARGS={_KUBECONFIGS}"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
"""

KUBELET_DEFAULTS = "KUBELET_EXTRA_ARGS=\n"

CONTAINERD_UNIT = """\
[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
"""

# Docker's package ships its containerd with CRI off; kubelet cannot use it until that line is gone.
CONTAINERD_CONFIG = 'disabled_plugins = ["cri"]\n'

_ENABLE = """\
#!/bin/sh
set -e
if [ "$1" = configure ] || [ "$1" = abort-upgrade ] || [ "$1" = abort-deconfigure ] || [ "$1" = abort-remove ]; then
    deb-systemd-helper unmask {unit} >/dev/null || true
    if deb-systemd-helper --quiet was-enabled {unit}; then
        deb-systemd-helper enable {unit} >/dev/null || true
    else
        deb-systemd-helper update-state {unit} >/dev/null || true
    fi
    if [ -d /run/systemd/system ]; then
        systemctl --system daemon-reload >/dev/null || true
{start}    fi
fi
"""
_START = """\
        if [ -n "$2" ]; then
            deb-systemd-invoke restart {unit} >/dev/null || true
        else
            deb-systemd-invoke start {unit} >/dev/null || true
        fi
"""
_STOP = """\
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop {unit} >/dev/null || true
fi
"""
_FORGET = """\
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
fi
if [ "$1" = remove ] && [ -x /usr/bin/deb-systemd-helper ]; then
    deb-systemd-helper mask {unit} >/dev/null || true
fi
if [ "$1" = purge ] && [ -x /usr/bin/deb-systemd-helper ]; then
    deb-systemd-helper purge {unit} >/dev/null || true
    deb-systemd-helper unmask {unit} >/dev/null || true
fi
"""


def enabled(unit: str) -> tuple[tuple[str, str], ...]:
    """Maintainer scripts that enable a unit and leave starting it to whoever configures it (kubelet: kubeadm does)."""
    return _scripts(unit, start="")


def enabled_and_started(unit: str) -> tuple[tuple[str, str], ...]:
    """Maintainer scripts that enable and start a unit, and restart it after an upgrade, as debhelper's do."""
    return _scripts(unit, start=_START.format(unit=unit))


def _scripts(unit: str, start: str) -> tuple[tuple[str, str], ...]:
    return (
        ("postinst", _ENABLE.format(unit=unit, start=start)),
        ("prerm", _STOP.format(unit=unit)),
        ("postrm", _FORGET.format(unit=unit)),
    )
