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
    pairs = (line.partition("=") for line in out.stdout.splitlines() if "=" in line)
    return Known({key: " ".join(value.split()) for key, _, value in pairs})


def sysctls(keys: tuple[str, ...]) -> Fact[dict[str, str]]:
    """Live values of these sysctls; one that the kernel does not have (yet) is left out."""
    script = (
        f"for key in {' '.join(keys)}; do path=/proc/sys/$(echo $key | tr . /); "
        '[ -r "$path" ] && read -r value <"$path" && echo "$key=$value"; done; true'
    )
    return Fact("sysctls", script, _sysctls)


def _swaps(out: Output) -> Answer[tuple[str, ...]]:
    return Known(tuple(line.split()[0] for line in out.stdout.splitlines()[1:]))


# Devices and files in use as swap now.
SWAPS: Fact[tuple[str, ...]] = Fact("swaps", "cat /proc/swaps", _swaps)
