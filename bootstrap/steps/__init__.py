"""Every step that a playbook may name: the registry is this explicit list."""

from bootstrap.model.step import Step
from bootstrap.steps.checks import CHECKS
from bootstrap.steps.cluster import CLUSTER
from bootstrap.steps.control_plane import CONTROL_PLANE
from bootstrap.steps.host import HOST
from bootstrap.steps.runtime import RUNTIME
from bootstrap.steps.workers import WORKERS

REGISTRY: tuple[Step, ...] = (*CHECKS, *HOST, *RUNTIME, *CONTROL_PLANE, *WORKERS, *CLUSTER)
