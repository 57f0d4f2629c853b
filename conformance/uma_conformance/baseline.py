"""The baseline file: failures of a target that are known and accepted for a time.

It is TOML; its schema is `baseline` of `uma_schemas`. Every error names the file and the key.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.jsonvalue import array_of, object_of
from uma_reports import (
    KnownFailure,
    Outcome,
    PackRowResult,
    Row,
    RunRecord,
    Severity,
    make_baseline,
)
from uma_reports.visible import one_line
from uma_schemas import violations

_UNEXPLAINED = "not explained yet"


class BaselineError(Exception):
    """A baseline cannot be used; the message names the file, the key and what to do."""


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """The known failures of a file, with its name and digest."""

    source: str
    digest: str
    failures: tuple[KnownFailure, ...]

    def applied(self, record: RunRecord, on: date) -> RunRecord:
        """Return the record with how these failures stand in it on a day; verdicts stay."""
        baseline = make_baseline(
            self.source, self.digest, on, self.failures, record.rows, record.claim, record.packs
        )
        return replace(record, baseline=baseline)


def load_baseline(path: Path) -> BaselineFile:
    """Read a baseline file; raise `BaselineError` when it cannot be read or used."""
    try:
        content = path.read_bytes()
        document: dict[str, object] = tomllib.loads(content.decode())
    except OSError as error:
        raise BaselineError(f"{path}: the baseline cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BaselineError(f"{path}: this is no valid TOML: {error}") from error
    plain = object_of(json.loads(json.dumps(document, default=str)))
    found = violations("baseline", plain)
    if found:
        listed = "; ".join(f"{_key(item.path)}: {item.message}" for item in found)
        raise BaselineError(f"{path}: {listed}")
    packs = {row: name for name in PACKS for row in load_pack(name).rows}
    failures = tuple(_failure(object_of(item), packs) for item in array_of(plain["known"]))
    rows = [failure.row for failure in failures]
    twice = next((row for row in rows if rows.count(row) > 1), None)
    if twice is not None:
        raise BaselineError(f"{path}: known: {twice} is listed twice; keep one of the entries")
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return BaselineFile(path.name, digest, failures)


def baseline_text(record: RunRecord, expires: date) -> str:
    """Return a baseline file of the error rows that failed, for people to edit.

    Entries that the baseline of the run had already stay as they are, also those about packs that
    this run was not asked for.
    """
    kept = record.known
    rows: list[Row | PackRowResult] = list(record.rows)
    rows += [row for pack in record.packs for row in pack.rows]
    entries = [
        _entry(row, kept[row.id].failure if row.id in kept else _new(row, expires))
        for row in rows
        if row.outcome is Outcome.FAILED and (row.severity is Severity.ERROR or row.id in kept)
    ]
    aside = record.baseline.set_aside if record.baseline else ()
    entries += [
        f"\n# Pack {item.failure.pack}, which was not judged.\n{_table(item.failure)}"
        for item in aside
    ]
    suite = f"{record.suite.name} {record.suite.version}"
    return (
        f"# Known failures of {one_line(record.target.name)}, written by {suite}.\n"
        "# Say why each one is accepted; `link` may lead to an issue. An entry fails the run once\n"
        "# it has expired, and once its row passes.\n" + ("".join(entries) or "known = []\n")
    )


def _new(row: Row | PackRowResult, expires: date) -> KnownFailure:
    return KnownFailure(row.id, _UNEXPLAINED, expires)


def _entry(row: Row | PackRowResult, failure: KnownFailure) -> str:
    return f"\n# {one_line(row.statement)}\n# Seen: {one_line(row.message, 160)}\n{_table(failure)}"


def _table(failure: KnownFailure) -> str:
    link = f"link = {_quoted(failure.link)}\n" if failure.link else ""
    return (
        f"[[known]]\nrow = {_quoted(failure.row)}\nreason = {_quoted(failure.reason)}\n"
        f"{link}expires = {failure.expires}\n"
    )


def _quoted(text: str) -> str:
    """Return a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _failure(entry: Mapping[str, object], packs: Mapping[str, str]) -> KnownFailure:
    return KnownFailure(
        row=str(entry["row"]),
        reason=str(entry["reason"]),
        expires=date.fromisoformat(str(entry["expires"])),
        link=str(entry.get("link", "")),
        pack=packs.get(str(entry["row"]), ""),
    )


def _key(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "the file"
