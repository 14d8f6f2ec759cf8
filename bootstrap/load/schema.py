"""inventory/schema.json, for editors; made by `python3 -m bootstrap.load.schema > inventory/schema.json`."""

import json
import sys
from typing import Any

from bootstrap.model.inventory import Inventory

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def inventory_schema() -> dict[str, Any]:
    """The JSON Schema of an inventory, keys as the file spells them."""
    schema = _plain(Inventory.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, "title": "kboot inventory", **schema}


def schema_text() -> str:
    """The text of inventory/schema.json."""
    return json.dumps(inventory_schema(), indent=2, ensure_ascii=False) + "\n"


def _plain(schema: Any) -> Any:
    """Without what pydantic adds and no reader needs: titles made of field names, and `default: null`."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if isinstance(schema, dict):
        noise = {key for key in ("title", "default") if isinstance(schema.get(key, ""), str | None)}
        noise -= {"default"} if isinstance(schema.get("default"), str) else set()
        return {key: _plain(value) for key, value in schema.items() if key not in noise}
    return schema


if __name__ == "__main__":
    sys.stdout.write(schema_text())
