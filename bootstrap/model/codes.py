"""Every stable error code. A code is never reused and never changes its meaning."""

from enum import StrEnum


class Code(StrEnum):
    """KB10 input, KB11 transport, KB12 bundle, KB13 lab, KB14 run, KB15 set-up; KB20.. findings by phase."""

    INTERNAL = "KB0001"
    # KB10xx input
    # KB11xx transport
    UNREACHABLE = "KB1101"
    HOST_KEY_UNKNOWN = "KB1102"
    HOST_KEY_CHANGED = "KB1103"
    LOGIN_REFUSED = "KB1104"
    SUDO_REFUSED = "KB1105"
    HOST_LOST = "KB1106"
    HOST_TIMEOUT = "KB1107"
    TRANSFER_FAILED = "KB1108"
    # KB12xx bundle
    # KB13xx lab
    # KB14xx run
    # KB15xx set-up (the environment of the two commands)
    # KB20xx checks
    # KB21xx host
    # KB22xx runtime
    # KB23xx control plane
    # KB24xx workers
    # KB25xx cluster
