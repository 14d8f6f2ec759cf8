"""What a dialogue needs of an SSH session channel."""

from typing import Protocol


class Channel(Protocol):
    """One session: a command, its input, its two outputs."""

    def start(self, command: str) -> None:
        """Ask for the command; does not wait for the answer, a refusal ends the channel."""
        ...

    def send(self, data: bytes, timeout_s: float) -> None:
        """Write to the command's standard input. TimeoutError when it takes nothing, OSError when it is gone."""
        ...

    def end_input(self) -> None:
        """Close the command's standard input."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Sleep until there is something to read, the channel has ended, or the time is over."""
        ...

    def read(self) -> tuple[bytes, bytes]:
        """What has come on standard output and standard error, perhaps nothing."""
        ...

    @property
    def ended(self) -> bool:
        """Nothing more will come."""
        ...

    @property
    def alive(self) -> bool:
        """The connection below still stands."""
        ...

    def close(self) -> None:
        """Give the channel up; what runs on the host is not told."""
        ...
