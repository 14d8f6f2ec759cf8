"""Options of the whole suite: where the bundle is, and which cluster scenarios are drawn."""

import os
import secrets
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.draw import Scenario, draw

# Advice is worded as kboot was started (show/started.py): whether sudo started the tests is none of their business.
os.environ.pop("SUDO_COMMAND", None)

# Hypothesis judges what is true, not how fast a busy machine is.
settings.register_profile("kboot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kboot")

DRAWN = "drawn"
# What CI's 30 minutes (warm, on two cores) leave beside the scenarios that run each time.
DRAWN_S = 480


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--bundle`, `--all-scenarios`, `--draw-seed`."""
    group = parser.getgroup("kboot")
    group.addoption(
        "--bundle", default="build", metavar="build|PATH", help="The bundle that cluster scenarios install."
    )
    group.addoption("--all-scenarios", action="store_true", help="Run every scenario, the drawn ones too.")
    group.addoption("--draw-seed", type=int, help="Draw what a run that printed this seed drew.")


def pytest_configure(config: pytest.Config) -> None:
    """The seed is fixed before collection, so that it can be printed whatever happens."""
    config.addinivalue_line(
        "markers", f"{DRAWN}(group, seconds=100): what it takes; each run draws {DRAWN_S} s of them, groups in turn"
    )
    given = config.getoption("--draw-seed")
    config.stash[SEED] = secrets.randbelow(10_000) if given is None else given
    config.stash[LEFT_OUT] = []
    _hear_signals()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is drawn, leave out the others by name; of what `-m` and `-k` have chosen."""
    if config.getoption("--all-scenarios"):
        return
    drawn = [(item, mark) for item in items if (mark := item.get_closest_marker(DRAWN))]
    kept = draw([Scenario(item.nodeid, *mark.args, **mark.kwargs) for item, mark in drawn], DRAWN_S, config.stash[SEED])
    left = [item for item, _ in drawn if item.nodeid not in kept]
    config.stash[LEFT_OUT] = [item.nodeid for item in left]
    items[:] = [item for item in items if item not in left]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was not run, and how to run it."""
    if left := config.stash[LEFT_OUT]:
        terminalreporter.write_line(
            f"drawn with --draw-seed {config.stash[SEED]}; not run (`test --all` runs them):"
        )
        for name in left:
            terminalreporter.write_line(f"  {name}")


@pytest.fixture(scope="session")
def bundle(request: pytest.FixtureRequest) -> Path:
    """The folder of a verified bundle."""
    from bootstrap.bundle.bundle import Bundle
    from bootstrap.bundle.place import default_folder

    given = request.config.getoption("--bundle")
    folder = default_folder() if given == "build" else Path(given).resolve()
    Bundle.open(folder)
    return folder


SEED = pytest.StashKey[int]()
LEFT_OUT = pytest.StashKey[list[str]]()


def _hear_signals() -> None:
    """`nohup` and a shell's `&` start us with signals ignored, and our children too; what tests send must arrive."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
