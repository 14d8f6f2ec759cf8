"""Throwaway users and a throwaway sshd; all is removed after the session."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import Ssh
from tests.ssh.sshd import SSHD, Sshd, User, add_user, make_key, remove_user

Connect = Callable[[SshSettings], Ssh]


@pytest.fixture(scope="session", autouse=True)
def real_sshd_possible() -> None:
    """These tests need root and openssh-server; `python3 -m bootstrap test` brings the latter."""
    if os.geteuid() != 0 or not SSHD.exists():
        pytest.skip("needs root and /usr/sbin/sshd")


def _user(role: str, *, sudo: str = "") -> Iterator[User]:
    user = add_user(f"kbt{os.getpid()}{role}", sudo=sudo)
    try:
        yield user
    finally:
        remove_user(user)


@pytest.fixture(scope="session")
def free_user() -> Iterator[User]:
    """A user whom sudo never asks."""
    yield from _user("free", sudo="ALL=(ALL) NOPASSWD: ALL")


@pytest.fixture(scope="session")
def asked_user() -> Iterator[User]:
    """A user whom sudo asks for a password each time."""
    yield from _user("ask", sudo="ALL=(ALL) PASSWD: ALL")


@pytest.fixture(scope="session")
def plain_user() -> Iterator[User]:
    """A user without any sudo rule."""
    yield from _user("none")


@pytest.fixture(scope="session")
def client_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key that the servers know."""
    return make_key(tmp_path_factory.mktemp("client") / "id")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory, client_key: Path) -> Iterator[Sshd]:
    """One server for the tests of a file."""
    server = Sshd(tmp_path_factory.mktemp("sshd") / "server", client_key)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make connections that are closed after the test."""
    made: list[Ssh] = []

    def make(settings: SshSettings) -> Ssh:
        made.append(Ssh("node-1", settings))
        return made[-1]

    yield make
    for connection in made:
        connection.close()
