"""Sinks of JSON: one event a line on a stream, and the same in the cluster's journal."""

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bootstrap.model.event import BlobSent, Event
from bootstrap.model.redact import Redactor
from bootstrap.show.document import Record
from bootstrap.show.event_record import event_record

_KEPT_RUNS = 50


@dataclass
class JsonLines:
    """An observer that writes each event as one line. A sink that goes away never stops a run: it falls silent."""

    stream: TextIO
    redact: Redactor = field(default_factory=Redactor)
    clock: Callable[[], float] = time.monotonic
    silent: bool = False
    _began_s: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._began_s = self.clock()

    def __call__(self, event: Event) -> None:
        """Take an event, from any thread."""
        with self._lock:
            if not self.silent:
                self._write(event_record(event, self.clock() - self._began_s))

    def _write(self, record: Record) -> None:
        try:
            self.stream.write(line(record, self.redact) + "\n")
            self.stream.flush()
        except OSError:
            self.silent = True


@dataclass
class Journal(JsonLines):
    """The history of one run, for people. Progress of transfers is left out: it is no history."""

    def __call__(self, event: Event) -> None:
        """Take an event, from any thread."""
        if not isinstance(event, BlobSent):
            super().__call__(event)


def open_journal(folder: Path, name: str, redact: Redactor) -> Journal | None:
    """`folder/name.jsonl` (folders 0700, file 0600), beside the last 50 runs; None when it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / f"{name}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for old in sorted(folder.glob("*.jsonl"))[:-_KEPT_RUNS]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return Journal(os.fdopen(handle, "w", encoding="utf-8"), redact)


def line(record: Record, redact: Redactor) -> str:
    """One line of JSON without a secret in it."""
    return json.dumps(redact.document(record), ensure_ascii=False)
