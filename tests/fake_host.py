"""A host that is a dict: facts are answered by their name, acts change the dict. It reads the runner's real scripts."""

import base64
import json
import re
import shlex
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bootstrap.model.fact import Output
from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import HostLost, TransportError

ABSENT_EXIT = 44
_QUESTION = re.compile(r'^ask (\d+) [\s\S]*? # ("[^\n]*")$', re.MULTILINE)
_FILE = re.compile(r"""^base64 -d >"\$act/([\w.]+)" <<'\.'\n(.*?)^\.$""", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^timeout -k \S+ \S+ (.*) <\S+$", re.MULTILINE)
Loss = Literal["before the act", "in the act", "reboot"]


@dataclass
class FakeHost:
    """A Connection. `state` answers the fact of the same name; the program `set KEY VALUE` changes it.

    Failures to come are lists, used up from the front: `losses` for the next acts, `errors` for the next execs.
    """

    host: str
    state: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Output] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    errors: list[TransportError] = field(default_factory=list)
    down: TransportError | None = None
    in_flight: int = 0
    busy: int = 0
    deaf: bool = False
    failing: str | None = None
    says: str = ""
    needs_blobs: bool = False
    slow_s: float = 0.0
    on_set: Callable[[str, str, str], None] = lambda _host, _key, _value: None
    execs: int = 0
    acts: list[tuple[str, ...]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    _at_once: int = 0
    _ended: str = ""

    def run(
        self, script: str, *, timeout_s: float, root: bool = True, on_stderr: Callable[[str], None] | None = None
    ) -> Completed:
        """Do what the script would do."""
        self._at_once += 1
        assert self._at_once == 1, "two execs at once on one host"
        try:
            return self._run(script)
        finally:
            self._at_once -= 1

    def _run(self, script: str) -> Completed:
        self.execs += 1
        self.scripts.append(script)
        if self.slow_s:
            threading.Event().wait(self.slow_s)
        if self.down:
            raise self.down
        if self.errors:
            raise self.errors.pop(0)
        files = {name: base64.b64decode(body).decode() for name, body in _FILE.findall(script)}
        told = b""
        if "act.sh" in files:
            told = self._act(files["act.sh"])
        elif "kboot-act lost" in script:
            told = self._ended.encode()
        elif "kboot-needs" in script:
            needed = re.findall(r"kboot-needs \d+", script) if self.needs_blobs else []
            return Completed(0, "\n".join(needed).encode(), "", 0.0)
        elif script.startswith("i=0; while"):
            return Completed(0, b"", "", 0.0)
        asked = b"" if told and not told.startswith(b"kboot-act done") else self._answers(script)
        return Completed(0, told + asked, "", 0.0)

    def put(
        self,
        source: Path,
        path: str,
        *,
        size_bytes: int,
        sha256: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        """Keep the digest under the path."""
        self.state[f"blob {path}"] = sha256
        if on_progress:
            on_progress(size_bytes)

    def close(self) -> None:
        """Nothing is open."""

    def _act(self, script: str) -> bytes:
        if self.busy:
            self.busy -= 1
            return b"kboot-act busy\n\n"
        commands = [tuple(shlex.split(line)) for line in _COMMAND.findall(script)]
        if self.failing and (self.failing,) in {command[1:2] for command in commands}:
            return (
                b"kboot-act failed 0\n" + base64.b64encode((self.says or f"cannot set {self.failing}").encode()) + b"\n"
            )
        loss = self.losses.pop(0) if self.losses else None
        if loss in {"before the act", "reboot"}:
            self._ended = "kboot-act lost\n\n"
            raise HostLost(self.host, "the connection broke")
        for command in commands:
            self._set(command)
        if loss == "in the act":
            self._ended = "kboot-act done\n"
            raise HostLost(self.host, "the connection broke")
        return b"kboot-act done\n"

    def _set(self, command: tuple[str, ...]) -> None:
        self.acts.append(command)
        if self.deaf:
            return
        _, key, value = command
        self.state[key] = value
        self.on_set(self.host, key, value)

    def _answers(self, script: str) -> bytes:
        flight = 1 if self.in_flight else 0
        self.in_flight -= flight
        table, body = "", b""
        for number, name in _QUESTION.findall(script):
            output = self._output(json.loads(name))
            for suffix, content in (("rc", f"{output.exit_code}\n"), ("out", output.stdout), ("err", output.stderr)):
                table += f" {len(content.encode())} {number}.{suffix}\n"
                body += content.encode()
        return f"kboot-answers {flight}\n{table} 0 total\n".encode() + body

    def _output(self, name: str) -> Output:
        if name in self.facts:
            return self.facts[name]
        return Output(0, self.state[name]) if name in self.state else Output(ABSENT_EXIT, "")


def wait_until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Look until it is so; an AssertionError when it never was."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
