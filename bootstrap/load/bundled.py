"""The part of a bundle that a cluster installs from: that of the Kubernetes version which its inventory names."""

from pathlib import Path

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.source import read_source
from bootstrap.load.yaml_text import parse
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import BundleLock, Lock


def bundled_version(inventory: Inventory, file: Path, bundle: BundleLock) -> Lock:
    """What `bundle` holds for `cluster.kubernetes`; `file` is where the inventory stands.

    Raises InvalidInput (KB1215) with the place of that line when the bundle is for other versions.
    """
    wanted = inventory.cluster.kubernetes
    try:
        return bundle.of(wanted)
    except KeyError:
        raise InvalidInput(_other_version(wanted, inventory.cluster.bundle or "", file, bundle)) from None


def _other_version(wanted: str, folder: str, file: Path, bundle: BundleLock) -> InputError:
    held = " and ".join(bundle.versions)
    rule = f"the bundle {folder} holds Kubernetes {held}, not {wanted}"
    ways = " or ".join(f'"{version}"' for version in bundle.versions)
    hint = f"set cluster.kubernetes: {ways}, or build another bundle: kboot bundle build --kubernetes {wanted}"
    return parse(read_source(file)).error(("cluster", "kubernetes"), Code.BUNDLE_OF_OTHER_VERSION, rule, hint)
