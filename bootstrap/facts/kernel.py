"""What the kernel has: modules, sysctls, swap."""

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


def _modules(out: Output) -> Answer[frozenset[str]]:
    return Known(frozenset(out.stdout.split()))


def modules(names: tuple[str, ...]) -> Fact[frozenset[str]]:
    """Those of these modules that the kernel has, loaded or built in (modules.builtin of the running kernel)."""
    script = (
        f"for name in {' '.join(names)}; do "
        '[ -d "/sys/module/$name" ] || grep -qs "/$name\\.ko" "/lib/modules/$(uname -r)/modules.builtin" || continue; '
        "echo $name; done"
    )
    return Fact(f"kernel-modules {' '.join(names)}", script, _modules)


def _sysctls(out: Output) -> Answer[dict[str, str]]:
    pairs = (line.removeprefix("/proc/sys/").partition(":") for line in out.stdout.splitlines())
    return Known({path.replace("/", "."): " ".join(value.split()) for path, _, value in pairs})


def sysctls(keys: tuple[str, ...]) -> Fact[dict[str, str]]:
    """Live values of these sysctls; one that the kernel does not have (yet) is left out."""
    # Not the shell's `read`: it reads byte by byte, and a sysctl ends after its first byte then.
    paths = " ".join(f"/proc/sys/{key.replace('.', '/')}" for key in keys)
    return Fact("sysctls", f"grep -Hs '' {paths}; true", _sysctls)


def _swaps(out: Output) -> Answer[tuple[str, ...]]:
    return Known(tuple(line.split()[0] for line in out.stdout.splitlines()[1:]))


# Devices and files in use as swap now.
SWAPS: Fact[tuple[str, ...]] = Fact("swaps", "cat /proc/swaps", _swaps)
