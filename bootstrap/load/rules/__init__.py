"""Rules over a whole inventory: pure functions that yield what is wrong. The list is explicit."""

from collections.abc import Callable, Iterator

from bootstrap.load.rules import files, hosts, labels, networks, overlays, ssh, syntax, versions, words
from bootstrap.load.rules.finding import Finding
from bootstrap.model.inventory import Inventory

RULES: tuple[Callable[[Inventory], Iterator[Finding]], ...] = (
    hosts.names_differ,
    hosts.addresses_differ,
    hosts.node_addresses_differ,
    hosts.addresses_parse,
    hosts.one_control_plane,
    networks.pods_and_services_apart,
    networks.nodes_outside,
    networks.endpoint_outside,
    networks.node_addresses_usable,
    networks.networks_usable,
    networks.networks_large_enough,
    syntax.endpoint_parses,
    syntax.domains_parse,
    labels.labels_parse,
    labels.taints_parse,
    ssh.bastions_parse,
    ssh.users_parse,
    labels.labels_are_the_admins,
    labels.taints_are_the_admins,
    words.kubeadm_checks_parse,
    versions.version_known,
    overlays.said_once,
    overlays.arguments_are_lists,
    overlays.containerd_writable,
    words.addons_exist,
    words.ignored_checks_exist,
    files.ssh_files_usable,
    files.known_hosts_readable,
    files.bundle_present,
    files.manifests_present,
)
