"""Compares our table of versions with what the kubernetes module itself names."""

import re
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.tables.versions import Asked, Versions

_CONSTANTS = Path("cmd/kubeadm/app/constants/constants.go")
_AGNHOST = Path("test/images/agnhost/VERSION")
_TABLE = "bootstrap/model/tables/versions.py"


def check_table(versions: Versions, module: Path) -> None:
    """Raises KB1208 when kubeadm of this module asks for other images than our table says."""
    asked = _asked((module / _CONSTANTS).read_text())
    agnhost = (module / _AGNHOST).read_text().strip()
    if (asked, agnhost) != (versions.asked, versions.agnhost):
        raise KbootError(
            Code.BUNDLE_UPSTREAM_DIFFERS,
            f"Kubernetes {versions.kubernetes} names other image versions than kboot's table",
            where=_TABLE,
            evidence=f"module: {asked}, agnhost {agnhost}; table: {versions.asked}, agnhost {versions.agnhost}",
            advice=f"correct {_TABLE}",
        )


def _asked(constants: str) -> Asked:
    names = {"etcd": "DefaultEtcdVersion", "coredns": "CoreDNSVersion", "pause": "PauseVersion"}
    found = {field: re.search(rf'^\s*{name} += "([^"]+)"$', constants, re.MULTILINE) for field, name in names.items()}
    return Asked(**{field: match[1] if match else "not found" for field, match in found.items()})
