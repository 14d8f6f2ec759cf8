"""The form that all JSON of kboot's has: `apiVersion`, `kind`, then what this kind tells. Keys are camelCase."""

from typing import Any

API_VERSION = "kboot/v1"
Record = dict[str, Any]


def document(kind: str, **told: Any) -> Record:
    """One document, as output.schema.json describes it by its kind."""
    return {"apiVersion": API_VERSION, "kind": kind, **told}
