"""systemd's units."""

from dataclasses import dataclass

from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as systemd has it. `file_state`: enabled, generated, masked, ...; empty when there is no file."""

    name: str
    load: str
    active: str
    file_state: str
    source: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it runs."""
        return self.active == "active"

    @property
    def is_loaded(self) -> bool:
        """Whether there is such a unit on the host."""
        return self.load == "loaded"


_PROPERTIES = "Id,LoadState,ActiveState,UnitFileState,SourcePath,FragmentPath"


def _units(out: Output) -> Answer[dict[str, Unit]]:
    found = {}
    for block in out.stdout.split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        if not values.get("Id"):
            continue
        source = values.get("SourcePath") or values.get("FragmentPath", "")
        found[values["Id"]] = Unit(
            values["Id"], values["LoadState"], values["ActiveState"], values["UnitFileState"], source
        )
    return Known(found)


# Services of Debian and Ubuntu packages that turn swap on by themselves: zram-tools, zram-config, dphys-swapfile,
# swapspace (the packages of Debian 12, looked into 2026-11; zram-config is Ubuntu's alone and was not).
SWAP_SERVICES = ("zramswap.service", "zram-config.service", "dphys-swapfile.service", "swapspace.service")
# Other Kubernetes distributions by their units, each in its own manual's words.
DISTRIBUTIONS = {
    "k3s.service": "k3s",
    "k3s-agent.service": "k3s",
    "rke2-server.service": "RKE2",
    "rke2-agent.service": "RKE2",
    "k0scontroller.service": "k0s",
    "k0sworker.service": "k0s",
    "snap.microk8s.daemon-kubelite.service": "MicroK8s",
    "snap.k8s.k8sd.service": "Canonical Kubernetes",
}
# What kboot itself needs or works beside; the others are rare, and systemd takes 3 ms to say that there is none of one.
_OURS = ("kubelet", "firewalld", "systemd-networkd", "systemd-resolved")

# systemd forgets units that nothing holds, and has never heard of one that came after its last reload: they are looked
# for on the disk (systemd.unit(5), "Unit file load path"; `systemctl list-unit-files` would have systemd read every
# unit there is), and those that zram-generator will make at the next boot in its configuration (zram-generator.conf(5):
# a section for each device, later files win).
_ON_DISK = rf"""
for folder in /etc/systemd/system* /run/systemd/system* /run/systemd/transient /run/systemd/generator* \
    /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    cd "$folder" 2>/dev/null || continue
    for unit in *.swap {" ".join((*DISTRIBUTIONS, *SWAP_SERVICES))}; do
        [ ! -e "$unit" ] && [ ! -L "$unit" ] || printf '%s\n' "$unit"
    done
done
for place in /usr/lib /lib; do
    [ -x $place/systemd/system-generators/zram-generator ] || continue
    cat /usr/lib/systemd/zram-generator.conf /usr/lib/systemd/zram-generator.conf.d/*.conf \
        /etc/systemd/zram-generator.conf /etc/systemd/zram-generator.conf.d/*.conf 2>/dev/null |
        sed -n 's/^ *\[ *\(zram[0-9]*\) *\].*/dev-\1.swap/p'
    break
done
"""

# Every unit whose state any step of ours reads, and every swap unit, the generated ones included (fstab, GPT, zram),
# whether active or not.
UNITS: Fact[dict[str, Unit]] = Fact(
    "units",
    f"systemctl show -p {_PROPERTIES} {' '.join(_OURS)} '*.swap' $({_ON_DISK})",
    _units,
)
