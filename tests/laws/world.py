"""Every registered step with every target that the shipped playbooks give it, in several inventories."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bootstrap.model.answer import Absent, Answer
from bootstrap.model.fact import Fact, Facts, Output, Question
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import BundleLock, Lock
from bootstrap.model.playbook import Phase, Playbook, Row, rows
from bootstrap.model.safe_yaml import safe_load
from bootstrap.model.step import Step
from bootstrap.model.target import OPERATOR, Addon, RunValues, Wanted
from bootstrap.model.text import secrets_within
from bootstrap.run.order import Order
from bootstrap.steps import REGISTRY
from tests.cases.told import unfolded

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
PLAYBOOKS = ROOT / "playbooks"
RUN = RunValues("run-1", "abcdef", datetime(2026, 11, 21, 12, tzinfo=UTC), "/home/admin/.kube/kboot")
ADDONS = (
    Addon("flannel", "v0.28.4", '{"apiVersion":"v1","kind":"List","items":[]}'),
    Addon("metrics-server", "v0.9.0", '{"apiVersion":"v1","kind":"List","items":[]}'),
)
SINGLE = {"apiVersion": "kboot/v1", "hosts": [{"name": "cp1", "address": "192.0.2.11", "role": "control-plane"}]}


@cache
def shipped() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Each shipped playbook's phases, closing ones last, as the YAML says them."""
    texts = {path.stem: safe_load(path.read_text()) for path in sorted(PLAYBOOKS.glob("*.yaml"))}
    return {name: (*book["phases"], *book.get("finally", ())) for name, book in texts.items()}


@cache
def wanted() -> tuple[Wanted, ...]:
    """With and without a bundle, three hosts and one, plain and with every overlay."""
    inventories = [Inventory.model_validate(SINGLE)]
    inventories += [
        Inventory.model_validate(safe_load(path.read_text())) for path in sorted((CASES / "inventories").glob("*.yaml"))
    ]
    texts = [path.read_text() for path in sorted((CASES / "locks").glob("*.yaml"))]
    bundles = map(BundleLock.from_yaml, texts)
    bundled = (bundle.of(version) for bundle in bundles for version in bundle.versions)
    locks = [None, *(lock for lock in bundled if _has_its_images(lock))]
    return tuple(Wanted(inventory, RUN, lock, ADDONS) for inventory in inventories for lock in locks)


def _has_its_images(lock: Lock) -> bool:
    """Whether a lock of the cases is whole; `kboot bundle verify` sees to that for real ones."""
    held = {file.reference for file in lock.files}
    return all(set(role.images) <= held for role in lock.roles.values())


@cache
def all_rows(step: Step) -> tuple[Row, ...]:
    """The rows of one step in every world, by every kind of target that a playbook names for it."""
    kinds = {phase["targets"] for phases in shipped().values() for phase in phases if step.name() in phase["steps"]}
    books = [Playbook("law", "", (Phase("law", kind, (step,)),)) for kind in sorted(kinds)]
    return tuple(row for book in books for world in wanted() for row in rows(book, world))


@cache
def whole_runs() -> tuple[Order, ...]:
    """All rows of `up` in every world: the playbook that has every step."""
    book = Playbook("up", "", *(_phases(shipped_book("up"), word) for word in ("phases", "finally")))
    return tuple(Order(rows(book, world)) for world in wanted())


@cache
def rows_of_up(step: Step) -> tuple[tuple[Order, Row], ...]:
    """Every row of the step in `up`, with the run that it stands in."""
    return tuple((order, row) for order in whole_runs() for row in order.rows if row.step is step)


@cache
def shipped_book(name: str) -> Mapping[str, Any]:
    """A shipped playbook as its YAML says it."""
    found: Mapping[str, Any] = safe_load((PLAYBOOKS / f"{name}.yaml").read_text())
    return found


def _phases(book: Mapping[str, Any], word: str) -> tuple[Phase, ...]:
    return tuple(
        Phase(phase["name"], phase["targets"], tuple(STEPS[step] for step in phase["steps"])) for phase in book[word]
    )


@cache
def recorded() -> Mapping[str, tuple[Output, ...]]:
    """What hosts printed for each fact, by its name: everything that any case file holds."""
    found: dict[str, list[Output]] = {}
    for path in CASES.glob("*/*.yaml"):
        case = safe_load(path.read_text()) if path.parent.name not in {"inventories", "locks"} else {}
        for facts in (case.get("facts", {}), *case.get("others", {}).values()):
            for name, output in facts.items():
                found.setdefault(name, []).extend(_outputs(output))
    return {name: tuple(dict.fromkeys(outputs)) for name, outputs in found.items()}


@cache
def usual() -> Mapping[tuple[str, str], tuple[Output, ...]]:
    """What each host of the lab printed for each fact where a step was satisfied: by the host and the fact's name."""
    found: dict[tuple[str, str], list[Output]] = {}
    for path in CASES.glob("*/*.yaml"):
        case = safe_load(path.read_text())
        if case.get("decision") == "Satisfied" and not {"inventory", "lock"} & set(case):
            asked = {"@cluster": "cp1"}.get(case["target"], case["target"])
            for host, facts in ((asked, case.get("facts", {})), *case.get("others", {}).items()):
                for name, output in facts.items():
                    found.setdefault((host, name), []).extend(_outputs(output))
    return {key: tuple(outputs) for key, outputs in found.items()}


def _outputs(told: Any) -> Iterator[Output]:
    match unfolded(told):
        case str() | int() | float() as stdout:
            yield Output(0, str(stdout))
        case {"stdout": str(stdout)}:
            yield Output(int(told.get("exit", 0)), stdout, str(told.get("stderr", "")))
        case {"exit": int(code)}:
            yield Output(code, "")


def facts_of_hosts() -> Mapping[Fact[Any], None]:
    """Every fact that any step asks of a host of the inventory."""
    found: dict[Fact[Any], None] = {}
    for step in REGISTRY:
        for row in all_rows(step):
            found |= {question.fact: None for question in step.needs(row.target) if question.host != OPERATOR}
    return found


def answered(row: Row, answer: Answer[Any]) -> Facts:
    """The same answer to all that the step asks."""
    return Facts(dict.fromkeys(row.step.needs(row.target), answer))


def secrets_of(answers: Mapping[Question, Answer[Any]]) -> Iterator[str]:
    """The values of all answers that are secrets, long enough to be told from ordinary words."""
    found = (secret.value for secret in secrets_within(tuple(answers.values())))
    return (value for value in found if len(value) >= 12)


NOTHING = Absent("nothing is there")
STEPS = {step.name(): step for step in REGISTRY}
