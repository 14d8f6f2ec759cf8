"""Every step that a playbook may name: the registry is this explicit list."""

from bootstrap.model.step import Step
from bootstrap.steps.host import HOST
from bootstrap.steps.runtime import RUNTIME

REGISTRY: tuple[Step, ...] = (*HOST, *RUNTIME)
