"""One event as one JSON value: what ndjson prints and the journal keeps."""

from bootstrap.model.event import (
    ActStarted,
    BlobSent,
    Event,
    HostConnecting,
    HostSeen,
    HostWaiting,
    RowDecided,
    RowEnded,
    RowWaiting,
    RunEnded,
    RunStarted,
)
from bootstrap.model.report import Status
from bootstrap.show.document import Record, document
from bootstrap.show.record import decision_record, host_record, result_record, row_record


def event_record(event: Event, seconds: float) -> Record:
    """`kind: Event`, `event` in kebab-case, `seconds` since the run began, then what this kind of event tells."""
    kind, told = _told(event)
    return document("Event", event=kind, seconds=round(seconds, 3)) | told


def _told(event: Event) -> tuple[str, Record]:
    told: tuple[str, Record]
    match event:
        case RunStarted(playbook, run_id, rows):
            told = "run-started", {"playbook": playbook, "runId": run_id, "rows": [row_record(row) for row in rows]}
        case HostConnecting(host):
            told = "host-connecting", {"host": host}
        case HostWaiting(host, on):
            told = "host-waiting", {"host": host, "on": on}
        case HostSeen(result):
            told = "host-seen", host_record(result)
        case RowDecided(row, decision):
            told = "row-decided", row_record(row) | decision_record(decision)
        case BlobSent(row, sha256, sent_bytes, size_bytes):
            sizes = {"sha256": sha256, "sentBytes": sent_bytes, "sizeBytes": size_bytes}
            sizes |= {"rowSentBytes": event.row_sent_bytes, "rowTotalBytes": event.row_total_bytes}
            told = "blob-sent", row_record(row) | sizes
        case ActStarted(row, summary):
            told = "act-started", row_record(row) | {"summary": summary}
        case RowWaiting(row, on):
            told = "row-waiting", row_record(row) | {"on": on}
        case RowEnded(result):
            told = "row-ended", result_record(result)
        case RunEnded(report):
            counts = {str(status): report.count(status) for status in Status}
            told = "run-ended", {"runSeconds": round(report.seconds, 3), "counts": counts}
    return told
