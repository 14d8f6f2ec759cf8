"""Every stable error code. A code is never reused and never changes its meaning."""

from enum import StrEnum


class Code(StrEnum):
    """KB10 input, KB11 transport, KB12 bundle, KB13 lab, KB14 run, KB15 set-up; KB20.. findings by phase."""

    INTERNAL = "KB0001"
    # KB10xx input
    INPUT_NOT_FOUND = "KB1001"
    INPUT_UNREADABLE = "KB1002"
    YAML_SYNTAX = "KB1003"
    YAML_REFUSED = "KB1004"
    KEY_DUPLICATE = "KB1005"
    FIELD_UNKNOWN = "KB1006"
    FIELD_MISSING = "KB1007"
    FIELD_INVALID = "KB1008"
    HOSTS_ALIKE = "KB1009"
    CONTROL_PLANE_COUNT = "KB1010"
    NETWORKS_OVERLAP = "KB1011"
    VERSION_UNKNOWN = "KB1012"
    FILE_MISSING = "KB1013"
    FILE_TOO_OPEN = "KB1014"
    STEP_UNKNOWN = "KB1020"
    STEP_ORDER = "KB1021"
    PLAYBOOK_UNKNOWN = "KB1022"
    ADDON_UNKNOWN = "KB1030"
    ADDON_MANIFEST = "KB1031"
    ADDON_PATCH = "KB1032"
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
    LAB_NEEDS_ROOT = "KB1301"
    LAB_TOOL_MISSING = "KB1302"
    LAB_COMMAND_FAILED = "KB1303"
    LAB_UNKNOWN = "KB1304"
    LAB_DIFFERS = "KB1305"
    LAB_HOST_UNKNOWN = "KB1306"
    LAB_HOST_SILENT = "KB1307"
    LAB_INVENTORY_EDITED = "KB1308"
    LAB_LEFTOVER = "KB1309"
    # KB14xx run
    # KB15xx set-up (the environment of the two commands)
    # KB20xx checks
    # KB21xx host
    # KB22xx runtime
    # KB23xx control plane
    # KB24xx workers
    # KB25xx cluster
