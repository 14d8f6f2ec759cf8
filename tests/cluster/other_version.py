"""The bundle of the other Kubernetes version: built beside the scenarios of a run that drew one which needs it.

A cold build takes a quarter of an hour on two cores, so it starts when pytest knows what it will run,
with the lowest priority, and the scenario comes last. With the parts in the cache it is a minute.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cluster.lab import CHECKOUT

VERSION = "1.35.4"
FIXTURE = "bundle_of_other_version"
BUILD_LIMIT_S = 3000


class Building:
    """A build under way, in a process group of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                ["nice", "-n", "19", sys.executable, "-m", "bootstrap", "bundle", "build", "--kubernetes", VERSION],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                start_new_session=True,
            )

    def folder(self) -> Path:
        """The built bundle, waited for."""
        out, _ = self.process.communicate(timeout=BUILD_LIMIT_S)
        assert self.process.returncode == 0, self.log.read_text()[-3000:]
        return Path(out.strip())

    def end(self) -> None:
        """What is built already is kept; the next run goes on there."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)
