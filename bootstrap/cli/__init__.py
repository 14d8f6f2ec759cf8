"""The command line. Everything is imported when a command needs it: `kboot version` must not pay for SSH."""

from typing import NoReturn

_NEW_OBJECTS = 300_000  # a run makes half as many and keeps them; Python's own 700 is for small programs


def main() -> NoReturn:
    """The program `kboot`: run the command of sys.argv and exit with its code."""
    import gc  # noqa: PLC0415
    import io  # noqa: PLC0415
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    # What a start loads is no garbage: looking through it, in between and at exit, was a fifth of its CPU (2026-11).
    gc.set_threshold(_NEW_OBJECTS)
    from bootstrap.cli.boundary import guarded  # noqa: PLC0415
    from bootstrap.cli.pipes import stand_in_for_closed  # noqa: PLC0415
    from bootstrap.cli.root import kboot  # noqa: PLC0415

    stand_in_for_closed()

    # A terminal that cannot show a sign gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if "_KBOOT_COMPLETE" in os.environ:
        from bootstrap.cli.completion import completed  # noqa: PLC0415

        sys.exit(completed(kboot))
    code = guarded(kboot, sys.argv[1:])
    gc.freeze()
    sys.exit(code)
