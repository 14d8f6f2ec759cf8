"""Bytes on their way: how much of how much, how fast, how long still. Folded from events, no clock of its own."""

from dataclasses import dataclass, replace

from bootstrap.show.words import bytes_, duration

# Long enough to be steady, short enough to follow a link that others use too.
_WINDOW_S = 5.0
_SPACING_S = 0.2
_LEAST_S = 0.5
_MB = 1_000_000
_TWO_DIGITS = 9_950_000
_MINUTE_S = 59.5


@dataclass(frozen=True, slots=True)
class Flow:
    """What one row sends. `moved` counts the bytes that really travelled; `samples` are (second, moved) of late."""

    sent: int = 0
    total: int = 0
    file: str = ""
    moved: int = 0
    samples: tuple[tuple[float, int], ...] = ()

    def after(self, file: str, sent: int, total: int, now_s: float) -> "Flow":
        """One report later: `sent` of `total` bytes, `file` the one under way.

        The first report of a file may tell of what was there before (an upload that goes on): it moves nothing.
        """
        again = file == self.file
        moved = self.moved + (max(sent - self.sent, 0) if again else 0)
        samples = self.samples
        if not samples or now_s - samples[-1][0] >= _SPACING_S:
            samples = (*(one for one in samples if now_s - one[0] <= _WINDOW_S), (now_s, moved))
        return replace(self, sent=sent, total=total, file=file, moved=moved, samples=samples)

    def rate(self, now_s: float) -> float:
        """Bytes a second over the last seconds; 0 while nobody can know."""
        recent = [one for one in self.samples if now_s - one[0] <= _WINDOW_S]
        if not recent or now_s - recent[0][0] < _LEAST_S:
            return 0.0
        return (self.moved - recent[0][1]) / (now_s - recent[0][0])

    def words(self, now_s: float) -> str:
        """`sending 31.0 MB of 480.0 MB, 12.5 MB/s, 36 s left`."""
        said = f"sending {bytes_(self.sent)} of {bytes_(self.total)}"
        if rate := self.rate(now_s):
            said += f", {speed(rate)}, {duration(max(self.total - self.sent, 0) / rate)} left"
        return said

    def brief(self, now_s: float) -> str:
        """`31/480 MB 12 MB/s 36 s`: for the 22 columns that a terminal of 80 leaves, what tells most first."""
        said = f"{self.sent / _MB:.0f}/{self.total / _MB:.0f} MB"
        if rate := self.rate(now_s):
            left_s = max(self.total - self.sent, 0) / rate
            left = f"{left_s:.0f} s" if left_s < _MINUTE_S else duration(left_s)
            said += f" {rate / _MB:.{1 if rate < _TWO_DIGITS else 0}f} MB/s {left}"
        return said


def speed(rate: float) -> str:
    """`12.5 MB/s`."""
    return f"{bytes_(round(rate))}/s"
