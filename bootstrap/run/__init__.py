"""The runner: facts in one round trip, decisions, acts, facts again. Knows no step by name and no screen."""

from bootstrap.run.exit_codes import exit_code, plan_exit_code
from bootstrap.run.run import execute, plan_run, survey
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
