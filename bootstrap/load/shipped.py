"""Where the shipped playbooks and addons stand: beside the package in a checkout, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def playbooks_folder() -> Path:
    """The folder of the shipped <name>.yaml playbooks."""
    return _folder("playbooks")


def addons_folder() -> Path:
    """The folder of the shipped <name>/addon.yaml."""
    return _folder("addons")


def _folder(name: str) -> Path:
    # pyproject.toml maps the checkout's top-level folder into the installed package.
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
