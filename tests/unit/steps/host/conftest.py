"""What several tests of firewalls count."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Counted: TypeAlias = Callable[[Any, str], list[tuple[Any, ...]]]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """The arguments of every call of this function of a class or module, from now on."""

    def count(owner: Any, name: str) -> list[tuple[Any, ...]]:
        original, calls = getattr(owner, name), list[tuple[Any, ...]]()

        def call(*arguments: Any) -> Any:
            calls.append(arguments)
            return original(*arguments)

        monkeypatch.setattr(owner, name, call)
        return calls

    return count
