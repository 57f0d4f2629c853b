"""Run records and reports on disk; a file is replaced as a whole or not at all."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

from uma_reports.document import to_document
from uma_reports.errors import RecordError, ReportError
from uma_reports.reading import from_document, recording_of
from uma_reports.record import RunRecord, RunRecording

_T = TypeVar("_T")


def write_run(record: RunRecord, path: Path) -> None:
    """Write a run record to a file, replacing what is there; raise `ReportError` if it cannot."""
    write_files(path.parent, {path.name: run_text(record)})


def write_text(text: str, path: Path, *, new: bool = False) -> None:
    """Write a text to a file, replacing what is there; with `new`, a file that is there stays.

    What is no file, such as `/dev/stdout`, is written to as it is; the file that a link leads to is
    replaced, not the link. A missing folder is made, unless for a new file. Raises `ReportError`
    when it cannot be written.
    """
    try:
        if new:
            _write_new(path, text)
            return
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
            return
    except OSError as error:
        raise ReportError(f"{path}: cannot be written: {_reason(error)}") from error
    final = path.resolve() if path.is_symlink() else path
    write_files(final.parent, {final.name: text})


def read_run(path: Path) -> RunRecord:
    """Read a run record from a file.

    Raises `ReportError` when the file cannot be read or is not JSON, and `RecordError`, which
    names the file and the place in it, when it is no run record of this format.
    """
    return _read(path, from_document)


def read_recording(path: Path) -> RunRecording:
    """Read what a run recorded, to judge it again, also when another version wrote the file.

    Raises `ReportError` and `RecordError` as `read_run` does.
    """
    return _read(path, recording_of)


def _read(path: Path, read: Callable[[Mapping[str, object]], _T]) -> _T:
    try:
        document: object = json.loads(path.read_bytes())
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {_reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: is not JSON: {error}") from error
    try:
        if not isinstance(document, Mapping):
            raise RecordError("$", "a run record is a JSON object")
        return read(cast("Mapping[str, object]", document))
    except RecordError as error:
        raise RecordError(f"{path}: {error.path}", error.problem) from error


def run_text(record: RunRecord) -> str:
    """Return the run record as JSON text in ASCII, the same for the same record."""
    return json.dumps(to_document(record), indent=1, allow_nan=False) + "\n"


def write_files(directory: Path, texts: Mapping[str, str]) -> None:
    """Write texts to files of these names in a directory, made if it is not there.

    All of them are written in full beside the old ones before the first old one is replaced, so a
    failing write changes nothing. Raises `ReportError` when something cannot be written.
    """
    if directory.exists() and not directory.is_dir():
        raise ReportError(f"{directory}: this is a file; name a folder to write the reports to")
    staged: dict[Path, Path] = {}
    place = directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            place = directory / name
            staged[_stage(place, text)] = place
        for temporary, place in staged.items():
            temporary.replace(place)
    except OSError as error:
        raise ReportError(f"{place}: cannot be written: {_reason(error)}") from error
    finally:
        for temporary in staged:
            with suppress(OSError):
                temporary.unlink()


def _stage(place: Path, text: str) -> Path:
    temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}.tmp")
    _write_new(temporary, text)
    return temporary


def _write_new(path: Path, text: str) -> None:
    """Write a text to a file that is not there yet; one that is there stays as it is."""
    with path.open("xb") as file:
        try:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
