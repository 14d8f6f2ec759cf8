"""Phase checks: what must hold before anything is changed. None of these can act."""

from bootstrap.model.step import Step
from bootstrap.steps.checks.address_on_interface import AddressOnInterface
from bootstrap.steps.checks.boot_finished import BootFinished
from bootstrap.steps.checks.clock_agrees import ClockAgrees
from bootstrap.steps.checks.default_route_present import DefaultRoutePresent
from bootstrap.steps.checks.firewall_understood import FirewallUnderstood
from bootstrap.steps.checks.identity_unique import IdentityUnique
from bootstrap.steps.checks.networks_apart import NetworksApart
from bootstrap.steps.checks.no_foreign_cluster import NoForeignCluster
from bootstrap.steps.checks.os_supported import OsSupported
from bootstrap.steps.checks.package_manager_free import PackageManagerFree
from bootstrap.steps.checks.ports_free import PortsFree
from bootstrap.steps.checks.resolver_known import ResolverKnown
from bootstrap.steps.checks.resources_enough import ResourcesEnough
from bootstrap.steps.checks.root_by_sudo import RootBySudo
from bootstrap.steps.checks.sources_reachable import SourcesReachable

# Each about one host.
HOST_CHECKS: tuple[Step, ...] = (
    OsSupported(),
    ResourcesEnough(),
    RootBySudo(),
    BootFinished(),
    PackageManagerFree(),
    AddressOnInterface(),
    NetworksApart(),
    PortsFree(),
    NoForeignCluster(),
    FirewallUnderstood(),
    DefaultRoutePresent(),
    ResolverKnown(),
    SourcesReachable(),
)
# Each about all hosts together.
CLUSTER_CHECKS: tuple[Step, ...] = (IdentityUnique(), ClockAgrees())
CHECKS: tuple[Step, ...] = (*HOST_CHECKS, *CLUSTER_CHECKS)
