"""An inventory in a few lines: which cluster, on which hosts, in which networks, from which source."""

from collections.abc import Iterator

from bootstrap.model.cluster import Cluster
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.plan import Plan
from bootstrap.show.document import Record, document
from bootstrap.show.record import decided_record
from bootstrap.show.words import counted


def inventory_lines(file: str, inventory: Inventory) -> Iterator[str]:
    """`lab.yaml: OK` and what stands in it."""
    cluster = inventory.cluster
    yield f"{file}: OK"
    yield f"  cluster   {cluster.name}, Kubernetes {cluster.kubernetes}, API server {inventory.endpoint}"
    planes, workers = len(inventory.control_planes), len(inventory.workers)
    roles = f"{counted(planes, 'control plane', 'control planes')}, {counted(workers, 'worker', 'workers')}"
    yield f"  hosts     {len(inventory.hosts)}: {roles}"
    width = max(len(host.name) for host in inventory.hosts)
    for host in inventory.hosts:
        yield f"    {host.name:<{width}}  {host.role:<13}  {_address(host)}"
    yield f"  networks  pods {cluster.pod_cidr}, services {cluster.service_cidr}, DNS {cluster.dns_domain}"
    yield f"  source    {_source(inventory)}"
    yield f"  addons    {', '.join(cluster.addons) or 'none'}"


def inventory_document(file: str, inventory: Inventory, checks: Plan | None, exit_code: int) -> Record:
    """The document of `inventory check -o json`; `checks` are those of `up` on the hosts, None when nobody asked."""
    cluster = inventory.cluster
    return document(
        "InventoryCheck",
        file=file,
        exitCode=exit_code,
        cluster=cluster.name,
        kubernetes=cluster.kubernetes,
        endpoint=inventory.endpoint,
        hosts=[_host_record(host) for host in inventory.hosts],
        podCIDR=str(cluster.pod_cidr),
        serviceCIDR=str(cluster.service_cidr),
        dnsDomain=cluster.dns_domain,
        bundle=cluster.bundle,
        mirrors=_mirrored(cluster),
        addons=list(cluster.addons),
        checks=None if checks is None else decided_record(checks),
    )


def _host_record(host: Host) -> Record:
    return {"name": host.name, "role": host.role, "address": host.address, "nodeIP": host.node_address}


def _address(host: Host) -> str:
    return host.address if host.node_ip is None else f"{host.address} (node address {host.node_ip})"


def _source(inventory: Inventory) -> str:
    cluster = inventory.cluster
    if cluster.bundle:
        return f"the bundle {cluster.bundle}"
    mirrored = _mirrored(cluster)
    return "the public repositories and registries" + (f", mirrors for {', '.join(mirrored)}" if mirrored else "")


def _mirrored(cluster: Cluster) -> list[str]:
    """The fields of `mirrors` that were given."""
    return [field for field in type(cluster.mirrors).model_fields if field in cluster.mirrors.model_fields_set]
