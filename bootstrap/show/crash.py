"""An exception that nobody expected: its traceback goes to a file of the operator, one line to the screen."""

import os
import time
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def as_error(error: Exception, trace: str) -> KbootError:
    """KB0001 with the exception's own line as evidence; the advice names the file with the whole traceback."""
    kept = _kept(trace)
    where = f"the traceback is in {kept}" if kept else "run it again with -v to see the traceback"
    return KbootError(
        Code.INTERNAL,
        "internal error: kboot met something that it does not know",
        evidence=f"{type(error).__name__}: {error}",
        advice=f"{where}; please report it. Running the same command again is safe.",
        exit_code=ExitCode.INTERNAL,
    )


def _kept(trace: str) -> Path | None:
    """The file (0600) that holds the traceback; None when no folder can be written."""
    from platformdirs import user_state_path  # noqa: PLC0415 - only when something broke

    path = user_state_path("kboot") / "crashes" / f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(trace)
    except OSError:
        return None
    return path
