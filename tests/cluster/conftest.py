"""Labs for tests: real systemd hosts on this machine, each lab with a name of its own, gone when its test is."""

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.cluster.lab import Lab

NewLab = Callable[..., Lab]


@pytest.fixture(scope="module")
def new_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewLab]:
    """`new_lab("--hosts", "2")` is a lab that is up; it goes down with the module, whatever happened in between."""
    if os.geteuid() != 0:
        pytest.skip("labs need root")
    made: list[Lab] = []

    def make(*options: str, up: bool = True) -> Lab:
        lab = Lab(f"t{secrets.token_hex(3)}", tmp_path_factory.mktemp("lab"))
        made.append(lab)
        if up:
            lab.lab("up", *options)
        return lab

    yield make
    for lab in made:
        lab.lab("down")
