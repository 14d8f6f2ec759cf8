"""Exit codes, by design.md's table."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a finished command tells the shell."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    INVALID_INPUT = 3
    NO_HOST = 4
    KEY_REFUSED = 5
    REFUSED = 6
    LOCKED = 7
    PARTLY = 8
    FAILED = 9
    PENDING = 10
    VERIFICATION = 11
    INTEGRITY = 12
    DEADLINE = 13
    UNCONFIRMED = 14
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143
