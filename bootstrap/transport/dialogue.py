"""One exec on one channel: become root, send the program, listen until its end mark."""

import time
from collections.abc import Callable
from contextlib import suppress

from bootstrap.model.text import Secret
from bootstrap.transport.channel import Channel
from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import HostLost, HostTimeout, LoginRefused, SudoRefused
from bootstrap.transport.frame import NONCE, Frame, FramedStream, nonce
from bootstrap.transport.shell import Shell, root_shell_by_password

_SUDO_LIMIT_S = 30.0
_EVIDENCE_LINES = 8
_CORRECT = "Correct the inventory's sudoPasswordFile, or allow the user NOPASSWD in sudoers."
_GIVE_ONE = (
    "Name a file with the user's sudo password (mode 0600) as `sudoPasswordFile` under `ssh` in the inventory, "
    "or allow the user NOPASSWD in sudoers."
)
_ASK_AGAIN = "Run the same command again: it asks the host what holds now, and whether an act is still running."


class Dialogue:
    """The state of one exec: what has been heard, and until when to listen."""

    def __init__(
        self,
        host: str,
        channel: Channel,
        frame: Frame,
        *,
        timeout_s: float,
        on_stderr: Callable[[str], None] | None = None,
    ) -> None:
        self.out = FramedStream(frame)
        self.err = FramedStream(frame)
        self._host = host
        self._channel = channel
        self._frame = frame
        self._timeout_s = timeout_s
        self._on_stderr = on_stderr
        self._started_at = time.monotonic()
        self._deadline = self._started_at + timeout_s

    def begin(self, shell: Shell) -> None:
        """Start the shell, as root where asked, and send it the program."""
        if shell.sudo and shell.password is not None:
            self._become_root(shell.password)
        else:
            self._start(shell.command)
        self._send(self._frame.program)

    def restart_clock(self) -> None:
        """From now on the exec has its whole time again: what came before was bounded otherwise."""
        self._deadline = time.monotonic() + self._timeout_s

    def finish(self, shell: Shell) -> Completed:
        """Listen to the end mark."""
        if not self.listen(lambda: self.out.ended and self.err.ended):
            raise self._ended_early(shell)
        elapsed_s = time.monotonic() - self._started_at
        stderr = self.err.content.decode(errors="replace")
        return Completed(int(self.out.trailer), self.out.content, stderr, elapsed_s)

    def listen(self, done: Callable[[], bool], *, deadline: float | None = None) -> bool:
        """Read until `done`; False when the channel ended first or a nearer deadline passed.

        Raises HostLost when the connection broke, HostTimeout when the exec's own deadline passed.
        """
        until = min(self._deadline, deadline or self._deadline)
        while True:
            ended = self._channel.ended  # asked before reading: what came before the end is not lost
            self._take(*self._channel.read())
            if done():
                return True
            if ended:
                if not self._channel.alive:
                    raise self._lost()
                return False
            left_s = until - time.monotonic()
            if left_s <= 0 and until < self._deadline:
                return False
            if left_s <= 0:
                raise self._timed_out()
            self._channel.wait(left_s)

    def _start(self, command: str) -> None:
        with suppress(OSError):  # the other side is gone; listening tells why
            self._channel.start(command)

    def _send(self, data: bytes) -> None:
        try:
            self._channel.send(data, max(0.1, self._deadline - time.monotonic()))
        except TimeoutError:
            raise self._timed_out() from None
        except OSError:
            return  # the other side is gone; listening tells why

    def _take(self, out: bytes, err: bytes) -> None:
        if out:
            self.out.feed(out)
        if err:
            self.err.feed(err)
            if self._on_stderr is not None:
                for line in self.err.new_lines():
                    self._on_stderr(line)

    def _become_root(self, password: Secret) -> None:
        """The password goes only after sudo's own prompt, told by a nonce, and once.

        Never early: where sudo does not ask, it would be the first line of the program. A prompt is an unfinished line,
        so a login shell that traces its commands shows none.
        """
        prompt, ready = nonce(), nonce()
        deadline = time.monotonic() + _SUDO_LIMIT_S
        self._start(root_shell_by_password(prompt, ready))
        if not self.listen(lambda: self._is_ready(ready) or self._asks(prompt, 0), deadline=deadline):
            raise self._sudo_refused("sudo neither asked for the password in a way that kboot knows nor made us root")
        if self._is_ready(ready):
            return
        answered = len(self.err.noise)
        self._send(f"{password.value}\n".encode())
        heard = self.listen(lambda: self._is_ready(ready) or self._asks(prompt, answered), deadline=deadline)
        if not heard:
            raise self._sudo_refused("sudo does not make us root")
        if not self._is_ready(ready):
            raise self._sudo_refused("sudo does not accept the password")

    def _asks(self, prompt: str, after: int) -> bool:
        return prompt.encode() in self.err.noise[after:].rpartition(b"\n")[2]

    def _is_ready(self, ready: str) -> bool:
        return f"{ready}\n".encode() in self.out.noise

    def _ended_early(self, shell: Shell) -> HostLost | SudoRefused | LoginRefused:
        if self.out.began:
            return HostLost(
                self._host,
                "the shell that ran the script was killed; how far it came is unknown",
                evidence=_tail(self.err.content),
                advice=_ASK_AGAIN,
            )
        if shell.sudo:
            advice = _GIVE_ONE if shell.password is None else _CORRECT
            return self._sudo_refused("sudo does not make us root", advice)
        return LoginRefused(
            self._host,
            "the login shell ended without running `sh -s`",
            evidence=_tail(self.err.noise + self.out.noise),
            advice="Give the user a shell that runs commands (chsh -s /bin/sh), or log in as another user.",
        )

    def _sudo_refused(self, problem: str, advice: str = _CORRECT) -> SudoRefused:
        return SudoRefused(self._host, problem, evidence=_tail(self.err.noise), advice=advice)

    def _lost(self) -> HostLost:
        return HostLost(
            self._host,
            "the connection broke while a script was running; how far it came is unknown",
            evidence=_tail(self.err.content),
            advice=_ASK_AGAIN,
        )

    def _timed_out(self) -> HostTimeout:
        return HostTimeout(
            self._host,
            f"the script did not end within {self._timeout_s:.0f} s; it may still be running",
            evidence=_tail(self.err.content),
            advice=_ASK_AGAIN,
        )


def _tail(output: bytes) -> str:
    """The last lines, without our own marks and prompts."""
    lines = NONCE.sub("", output.decode(errors="replace")).splitlines()
    return "\n".join([line for line in lines if line.strip()][-_EVIDENCE_LINES:])
