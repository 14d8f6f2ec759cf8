"""A host's supervisor whose host is one shell: `python -m tests.unit.lab.pretended_host FOLDER HOST`.

To the power button it is as the real one: it holds the lock, writes the record of each boot, and the host's process 1
is its only child. A file beside the record says how it misbehaves.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bootstrap.lab import daemon, power
from bootstrap.lab.nspawn import REBOOT_STATUS
from bootstrap.lab.state import LabState, write_atomically

# setpriv as in nspawn.argv: the host ends with its supervisor.
SHELL = ("setpriv", "--pdeathsig", "KILL", "sh", "-c")
HEEDS = "trap 'exit 0' {off}; trap 'exit {again}' {reboot}; echo booted; while :; do sleep 0.02; done"
DEAF = "trap '' {off} {reboot}; echo booted; while :; do sleep 0.02; done"


def main() -> None:
    """Boots until the shell ends otherwise than for a reboot."""
    state = LabState(Path(sys.argv[1])).host(sys.argv[2])
    if (state.folder / "breaks").exists():
        sys.exit("no such kernel")
    if (state.folder / "ignores-sigterm").exists():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    script = (DEAF if (state.folder / "deaf").exists() else HEEDS).format(
        off=int(power.POWEROFF_SIGNAL), reboot=int(power.REBOOT_SIGNAL), again=REBOOT_STATUS
    )
    daemon.hold(state.lock)
    status = REBOOT_STATUS
    while status == REBOOT_STATUS:
        with subprocess.Popen([*SHELL, script], stdout=subprocess.PIPE) as shell:
            assert shell.stdout is not None
            shell.stdout.readline()  # it hears signals from here on
            write_atomically(state.boot, json.dumps({"nspawn": os.getpid(), "at": time.time()}), 0o600)
            status = shell.wait()
    sys.stdout.write(f"ended in order: {status}\n")


if __name__ == "__main__":
    main()
