"""Events, plans and reports as JSON documents: apiVersion kboot/v1, camelCase keys, seconds as numbers."""

import shlex

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.plan import Plan, Planned
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult, Report, Result, Status
from bootstrap.show.diff import file_diff
from bootstrap.show.document import Record, document


def row_record(row: Row) -> Record:
    """Which row."""
    return {"phase": row.phase, "step": row.step.name(), "target": row.target.name}


def result_record(result: Result) -> Record:
    """How a row ended."""
    return row_record(result.row) | {
        "status": str(result.status),
        "note": result.note,
        "code": result.code and str(result.code),
        "evidence": result.evidence,
        "advice": result.advice,
        "tookSeconds": round(result.seconds, 3),
        "remark": result.remark,
    }


def host_record(result: HostResult) -> Record:
    """How a host stands."""
    return {
        "host": result.host,
        "status": str(result.status),
        "why": result.why,
        "code": result.code and str(result.code),
        "advice": result.advice,
    }


def report_document(report: Report, exit_code: int, cluster: str) -> Record:
    """The one document of `-o json` at the end of a run."""
    return document(
        "Report",
        cluster=cluster,
        playbook=report.playbook,
        exitCode=exit_code,
        interrupted=report.interrupted,
        seconds=round(report.seconds, 3),
        counts={str(status): report.count(status) for status in Status},
        hosts=[host_record(host) for host in report.hosts],
        rows=[result_record(result) for result in report.rows],
    )


def plan_document(plan: Plan, exit_code: int, cluster: str, playbook: str) -> Record:
    """The one document of `plan -o json`."""
    return document("Plan", cluster=cluster, playbook=playbook, exitCode=exit_code, **decided_record(plan))


def decided_record(plan: Plan) -> Record:
    """Hosts that are left out, and every row's decision."""
    return {
        "fallen": [{"host": host, "why": why} for host, why in plan.fallen],
        "rows": [planned_record(planned) for planned in plan.rows],
    }


def planned_record(planned: Planned) -> Record:
    """One row of a plan."""
    again = {"askedAgainAfter": planned.asked_again_after} if planned.asked_again_after else {}
    return row_record(planned.row) | decision_record(planned.decision) | again


def decision_record(decision: Decision) -> Record:
    """`decision` names the kind; the other keys depend on it."""
    match decision:
        case Satisfied(note, remark):
            record: Record = {"decision": "satisfied", "note": note, "remark": remark}
        case Change(summary, actions):
            record = {"decision": "change", "summary": summary, "actions": [action_record(one) for one in actions]}
        case Waiting(on):
            record = {"decision": "waiting", "on": on}
        case Later(after, summary):
            record = {"decision": "later", "after": after, "summary": summary}
        case Blocked(code, problem, advice):
            record = {"decision": "blocked", "code": str(code), "problem": problem, "advice": advice}
    return record


def action_record(action: Action) -> Record:
    """One action, its texts in their masked form."""
    match action:
        case Run(argv, stdin):
            given = {} if stdin is None else {"stdin": str(stdin)}
            record: Record = {"action": "run", "command": shlex.join(argv)} | given
        case WriteFile(path, _, mode, owner):
            record = {
                "action": "write-file", "path": path, "mode": f"{mode:04o}", "owner": owner,
                "diff": "\n".join(file_diff(action)),
            }  # fmt: skip
        case RemoveFile(path):
            record = {"action": "remove-file", "path": path}
        case PutBlob(sha256, size_bytes, path):
            record = {"action": "put-blob", "path": path, "sha256": sha256, "sizeBytes": size_bytes}
    return record
