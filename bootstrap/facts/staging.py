"""What uploads leave in kboot's own folder: files that wait for the act that uses them."""

from dataclasses import dataclass

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

FOLDER = "/var/lib/kboot"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was brought and not used, or not wholly brought."""

    path: str
    size_bytes: int


def _staged(out: Output) -> Answer[tuple[Staged, ...]]:
    pairs = (line.partition(" ") for line in out.stdout.splitlines())
    return Known(tuple(sorted((Staged(path, int(size)) for size, _, path in pairs), key=lambda one: one.path)))


# By name, in our folder: images and packages go once they are imported and installed, so one that is there was left.
STAGED: Fact[tuple[Staged, ...]] = Fact(
    "staged-files",
    f"[ ! -d {FOLDER} ] || find {FOLDER} -xdev -type f "
    f"\\( -name '*.kboot-[0-9a-f]*' -o -path '{FOLDER}/images/*.tar' -o -path '{FOLDER}/apt/*/*.deb' \\) "
    "-printf '%s %p\\n'",
    _staged,
)
