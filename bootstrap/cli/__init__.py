"""The command line. Everything is imported when a command needs it: `kboot version` must not pay for SSH."""

from typing import NoReturn


def main() -> NoReturn:
    """The program `kboot`: run the command of sys.argv and exit with its code."""
    import io  # noqa: PLC0415
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from bootstrap.cli.boundary import guarded  # noqa: PLC0415
    from bootstrap.cli.root import kboot  # noqa: PLC0415

    # A terminal that cannot show a sign gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if "_KBOOT_COMPLETE" in os.environ:
        from bootstrap.cli.completion import completed  # noqa: PLC0415

        sys.exit(completed(kboot))
    sys.exit(guarded(kboot, sys.argv[1:]))
