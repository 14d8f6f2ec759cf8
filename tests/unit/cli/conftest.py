"""Commands write only below a folder of the test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """State, cache and home of this test alone."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("KBOOT_INVENTORY", "KUBECONFIG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
