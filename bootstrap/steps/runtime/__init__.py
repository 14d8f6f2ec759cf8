"""Phase runtime: containerd, the Kubernetes packages and the images."""

from bootstrap.model.step import Step
from bootstrap.steps.runtime.containerd_configured import ContainerdConfigured
from bootstrap.steps.runtime.containerd_fresh import ContainerdFresh
from bootstrap.steps.runtime.containerd_installed import ContainerdInstalled
from bootstrap.steps.runtime.images_present import ImagesPresent
from bootstrap.steps.runtime.kubelet_running import KubeletRunning
from bootstrap.steps.runtime.kubernetes_held import KubernetesHeld
from bootstrap.steps.runtime.package_source_trusted import PackageSourceTrusted
from bootstrap.steps.runtime.runtime_conflict_gone import RuntimeConflictGone
from bootstrap.steps.runtime.staging_empty import StagingEmpty
from bootstrap.steps.runtime.ufw_installed import UfwInstalled

RUNTIME: tuple[Step, ...] = (
    PackageSourceTrusted(),
    UfwInstalled(),
    RuntimeConflictGone(),
    ContainerdInstalled(),
    ContainerdConfigured(),
    ContainerdFresh(),
    KubernetesHeld(),
    KubeletRunning(),
    ImagesPresent(),
    StagingEmpty(),
)
