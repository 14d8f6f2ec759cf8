"""What each error code means: codes.yaml beside this file, one paragraph per code."""

from importlib.resources import files

import yaml

from bootstrap.model.codes import Code


def explanation(code: Code) -> str:
    """The paragraph of this code; empty when nobody wrote one."""
    return " ".join(explanations().get(code, "").split())


def explanations() -> dict[str, str]:
    """Every paragraph that is written, by code."""
    text = files("bootstrap.cli").joinpath("codes.yaml").read_text(encoding="utf-8")
    return {str(code): str(words) for code, words in (yaml.safe_load(text) or {}).items()}
