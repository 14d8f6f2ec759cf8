"""Where the playbooks and addons that come with kboot stand."""

from functools import cache
from pathlib import Path

# Links to the top-level folders in a checkout, folders of their own in an installed package.
_PACKAGE = Path(__file__).resolve().parent.parent


def playbooks_folder() -> Path:
    """The folder of the shipped <name>.yaml playbooks."""
    return _PACKAGE / "playbooks"


def addons_folder() -> Path:
    """The folder of the shipped <name>/addon.yaml."""
    return _PACKAGE / "addons"


@cache
def shipped_playbooks() -> tuple[str, ...]:
    """Names of the playbooks that come with kboot."""
    return tuple(sorted(path.stem for path in playbooks_folder().glob("*.yaml")))


@cache
def shipped_addons() -> tuple[str, ...]:
    """Names of the addons that come with kboot."""
    return tuple(sorted(path.parent.name for path in addons_folder().glob("*/addon.yaml")))
