"""Phase cluster: what the cluster must do as a whole."""

from bootstrap.model.step import Step
from bootstrap.steps.cluster.metrics_answering import MetricsAnswering
from bootstrap.steps.cluster.metrics_server_running import MetricsServerRunning
from bootstrap.steps.cluster.nodes_ready import NodesReady
from bootstrap.steps.cluster.pods_reach_each_other import PodsReachEachOther
from bootstrap.steps.cluster.probe_gone import ProbeGone

CLUSTER: tuple[Step, ...] = (
    NodesReady(),
    PodsReachEachOther(),
    MetricsServerRunning(),
    MetricsAnswering(),
    ProbeGone(),
)
