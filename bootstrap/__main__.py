"""`python3 -m bootstrap ...`: kboot from a bare checkout. Makes its environment first, then is the command `kboot`."""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> None:
    """Enter the environment and run the command line; exit 1 with one line when the environment cannot be made."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"kboot: KB1501 Python 3.11 or newer is needed (Debian 12, Ubuntu 24.04); this is {sys.version[:6]}")
    from bootstrap import environment  # noqa: PLC0415 - only after the version is known to parse it

    try:
        environment.enter(sys.argv[1:])
    except environment.SetUpError as error:
        sys.exit(f"kboot: KB1501 {error}")
    from bootstrap.cli import main as kboot  # noqa: PLC0415 - its libraries stand only inside the environment

    kboot()


if __name__ == "__main__":
    main()
