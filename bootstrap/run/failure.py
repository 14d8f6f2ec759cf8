"""Why an act failed, where its last words tell: the code and the advice of a cause that has a mend of its own."""

from bootstrap.model.codes import Code

# ENOSPC and EDQUOT as the C library and apt (apt-pkg/acquire.cc) say them, in LC_ALL=C.
_FULL = ("No space left on device", "no space left on device", "Disk quota exceeded", "enough free space in")

# apt (apt-pkg/acquire-item.cc) and containerd (content store) about bytes that are not what the signed index, or the
# image's manifest, names.
_ALTERED = ("Hash Sum mismatch", "unexpected commit digest")


def cause_of(evidence: str) -> tuple[Code, str]:
    """(code, advice) for what an act said before it failed."""
    if any(words in evidence for words in _FULL):
        return (
            Code.DISK_FULL,
            "Make room there (`df -h` shows which mount is full), then run again: what is done stays.",
        )
    if any(words in evidence for words in _ALTERED):
        return (
            Code.ACT_FAILED,
            "What the source sends is not what its own index or manifest names: refresh the mirror, or see who answers "
            "in its place; then run again.",
        )
    return Code.ACT_FAILED, "Mend it, then run again."
