"""The runner: facts in one round trip, decisions, acts, facts again. Knows no step by name and no screen."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bootstrap.run.exit_codes import exit_code, plan_exit_code
    from bootstrap.run.gathering import plan_run, survey
    from bootstrap.run.run import execute
    from bootstrap.run.selection import EVERYTHING, Selection
    from bootstrap.run.vault import new_token_id, vault_for

__all__ = [
    "EVERYTHING",
    "Selection",
    "execute",
    "exit_code",
    "new_token_id",
    "plan_exit_code",
    "plan_run",
    "survey",
    "vault_for",
]
_PLACES = {
    "exit_codes": ("exit_code", "plan_exit_code"),
    "gathering": ("plan_run", "survey"),
    "run": ("execute",),
    "selection": ("EVERYTHING", "Selection"),
    "vault": ("new_token_id", "vault_for"),
}


def __getattr__(name: str) -> Any:
    """Each from its own module, on first use (PEP 562): what only names a selection does not wait for the runner."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(name)
