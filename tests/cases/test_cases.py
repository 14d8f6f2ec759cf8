"""One file, one test: facts as a host prints them, and the decision that a step makes of them.

    # tests/cases/<step_name>/<what_is_the_case>.yaml
    inventory: lab-of-three.yaml      under tests/cases/inventories/ (this one is the default)
    lock: lab.yaml                    under tests/cases/locks/ (default: none, as without a bundle)
    addons: [{name, version, objects, images}]
    run: {run_id, token_id, ...}      values of the run that differ from the default ones
    limit: [w1]                       what --limit names
    target: w1                        a host, "@cluster" or "@operator"
    facts: {fact name: output}        of the target's machine; a fact that is not named is Absent
    others: {host: {fact name: output}}
    asks: [fact name]                 exactly what it asks, where that is the point
    decision: Change                  Satisfied, Change, Waiting, Later, Blocked
    note, remark, summary, on, after, problem, advice, code: what the decision's field contains (code, after, remark
        and what is empty: is)
    actions: [...]                    exactly these, in this order, by shape:
        run ARGV...                   or {run: ARGV..., stdin: text, contains: [..]}
        write PATH [MODE [OWNER]]     or {write: PATH..., text: whole text, contains: [...]}
        remove PATH, put PATH

An output is the script's stdout (exit code 0), or {exit, stdout, stderr}, {absent: why}, {unreadable: why}, or a
recorded one: {file, replace} (tests/cases/told.py).
"""

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.model.answer import Absent, Answer, Unreadable
from bootstrap.model.decision import Change
from bootstrap.model.fact import Fact, Facts, Output
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import BundleLock
from bootstrap.model.safe_yaml import safe_load
from bootstrap.model.step import Step
from bootstrap.model.target import CLUSTER, OPERATOR, Addon, RunValues, Target, Wanted
from bootstrap.steps import REGISTRY
from tests.cases.told import unfolded

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("*/*.yaml") if path.parent.name not in {"inventories", "locks"})
STEPS: Mapping[str, Step] = {step.name().replace("-", "_"): step for step in REGISTRY}
SAID = ("note", "remark", "summary", "on", "after", "problem", "advice", "code")
GIVEN = ("inventory", "lock", "limit", "addons", "run", "target", "facts", "others")
KEYS = {*GIVEN, "asks", "decision", "actions", *SAID}
RUN = RunValues("run-1", "abcdef", datetime(2026, 11, 21, 12, tzinfo=UTC), "/home/admin/.kube/kboot")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    # YAML 1.1 reads the bare key `on` as true.
    case = {"on" if key is True else key: value for key, value in safe_load(path.read_text()).items()}
    assert set(case) <= KEYS, f"unknown keys: {set(case) - KEYS}"
    step, target = STEPS[path.parent.name], _target(case)
    if "asks" in case:
        assert {question.fact.name for question in step.needs(target)} == set(case["asks"])
    decision = step.decide(target, _facts(step, target, case))
    assert type(decision).__name__ == case["decision"], decision
    for field in SAID:
        if field in case:
            said = str(getattr(decision, field))
            whole = field in {"after", "code", "remark"} or not case[field]
            assert case[field] == said if whole else case[field] in said, said
    actions = decision.actions if isinstance(decision, Change) else ()
    if "actions" in case or actions:
        assert [_short(action) for action in actions] == [_shape(wanted) for wanted in case.get("actions", ())]
        for action, wanted in zip(actions, case["actions"], strict=True):
            _check_text(action, wanted)


def test_every_step_has_cases() -> None:
    told = {path.parent.name for path in CASES}
    assert told <= set(STEPS), f"cases of no step: {told - set(STEPS)}"
    assert set(STEPS) <= told, f"steps without a case: {set(STEPS) - told}"


def _target(case: Mapping[str, Any]) -> Target:
    inventory = _inventory(case.get("inventory", "lab-of-three.yaml"))
    lock = _bundle(case["lock"]).of(inventory.cluster.kubernetes) if "lock" in case else None
    addons = tuple(Addon(**{**one, "images": tuple(one.get("images", ()))}) for one in case.get("addons", ()))
    values = {**{field: getattr(RUN, field) for field in RunValues.__slots__}, **case.get("run", {})}
    wanted = Wanted(inventory, RunValues(**values), lock, addons, limit=frozenset(case.get("limit", ())))
    match case["target"]:
        case "@cluster":
            assert CLUSTER == "@cluster"
            return Target("cluster", inventory.first_control_plane, wanted)
        case "@operator":
            return Target("operator", None, wanted)
        case name:
            return Target("host", inventory.host(name), wanted)


@cache
def _inventory(name: str) -> Inventory:
    return Inventory.model_validate(safe_load((HERE / "inventories" / name).read_text()))


@cache
def _bundle(name: str) -> BundleLock:
    return BundleLock.from_yaml((HERE / "locks" / name).read_text())


def _facts(step: Step, target: Target, case: Mapping[str, Any]) -> Facts:
    told = {(target.asked, name): output for name, output in case.get("facts", {}).items()}
    for host, outputs in case.get("others", {}).items():
        assert host == OPERATOR or target.inventory.host(host)
        told |= {(host, name): output for name, output in outputs.items()}
    needs = step.needs(target)
    asked = {(question.host, question.fact.name) for question in needs}
    assert set(told) <= asked, f"facts that the step does not ask: {set(told) - asked}; it asks {sorted(asked)}"
    answers = {one: _answer(one.fact, told.get((one.host, one.fact.name))) for one in needs}
    return Facts(answers)


def _answer(fact: Fact[Any], output: Any) -> Answer[Any]:
    match unfolded(output):
        case None:
            return Absent("the case does not name it")
        case str() | int() | float() as stdout:
            return fact.read(Output(0, str(stdout)))
        case {"absent": why}:
            return Absent(why)
        case {"unreadable": why}:
            return Unreadable(why)
    return fact.read(Output(output.get("exit", 0), output.get("stdout", ""), output.get("stderr", "")))


def _short(action: Action) -> str:
    match action:
        case Run(argv):
            return f"run {shlex.join(argv)}"
        case WriteFile(path, mode=mode, owner=owner):
            return f"write {path} {mode:04o} {owner}"
        case RemoveFile(path):
            return f"remove {path}"
        case PutBlob(path=path):
            return f"put {path}"


def _shape(wanted: Any) -> str:
    """The expected action's short form, the defaults of `write` filled in."""
    if isinstance(wanted, dict):
        verb = "run" if "run" in wanted else "write"
        wanted = f"{verb} {wanted[verb]}"
    if not wanted.startswith("write "):
        return str(wanted)
    _, path, *rest = wanted.split()
    return " ".join(["write", path, *rest, *("0644", "root:root")[len(rest) :]])


def _check_text(action: Action, wanted: Any) -> None:
    if not isinstance(wanted, dict):
        return
    match action:
        case WriteFile(text=text):
            shown = str(text)
            assert shown == wanted.get("text", shown)
        case Run(stdin=stdin):
            shown = "" if stdin is None else str(stdin)
            assert shown == wanted.get("stdin", shown)
        case _:
            shown = ""
    for part in wanted.get("contains", ()):
        assert part in shown, shown
