"""Words, signs and colours of statuses, in one table. Never by colour alone: a sign and a word go with each."""

from dataclasses import dataclass

from bootstrap.model.report import Status


@dataclass(frozen=True, slots=True)
class Look:
    """A sign one column wide, and a rich style."""

    sign: str
    style: str


LOOKS: dict[Status, Look] = {
    Status.OK: Look("✓", "green"),
    Status.CHANGED: Look("●", "yellow"),
    Status.WAITING: Look("…", "cyan"),
    Status.BLOCKED: Look("■", "magenta"),
    Status.FAILED: Look("✗", "red"),
    Status.NOT_RUN: Look("-", "dim"),
}
_MINUTE_S = 60


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 m 05 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE_S else f"{whole // _MINUTE_S} m {whole % _MINUTE_S:02d} s"


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 host`, `3 hosts`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def name_list(names: tuple[str, ...], most: int = 6) -> str:
    """`cp1, w1, w2`; of many the first ones and how many in all."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} … ({len(names)} in all)"


def bytes_(number: int) -> str:
    """`812 B`, `14 kB`, `31.0 MB`."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"
