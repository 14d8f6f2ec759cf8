"""Phase host: what a Kubernetes node needs of its operating system."""

from bootstrap.model.step import Step
from bootstrap.steps.host.firewall_open import FirewallOpen
from bootstrap.steps.host.flannel_mac_kept import FlannelMacKept
from bootstrap.steps.host.foreign_routes_kept import ForeignRoutesKept
from bootstrap.steps.host.modules_loaded import ModulesLoaded
from bootstrap.steps.host.name_resolves import NameResolves
from bootstrap.steps.host.swap_off import SwapOff
from bootstrap.steps.host.sysctls_set import SysctlsSet

HOST: tuple[Step, ...] = (
    SwapOff(),
    ModulesLoaded(),
    SysctlsSet(),
    NameResolves(),
    ForeignRoutesKept(),
    FlannelMacKept(),
    FirewallOpen(),
)
