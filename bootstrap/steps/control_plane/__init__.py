"""Phase control-plane: the cluster's first node, its kubeconfigs, and the pod network."""

from bootstrap.model.step import Step
from bootstrap.steps.control_plane.control_plane_initialised import ControlPlaneInitialised
from bootstrap.steps.control_plane.flannel_running import FlannelRunning
from bootstrap.steps.control_plane.kubeconfig_fetched import KubeconfigFetched
from bootstrap.steps.control_plane.kubeconfig_placed import KubeconfigPlaced

CONTROL_PLANE: tuple[Step, ...] = (
    ControlPlaneInitialised(),
    KubeconfigPlaced(),
    KubeconfigFetched(),
    FlannelRunning(),
)
