"""Run records and reports on disk."""

import os
from pathlib import Path

import pytest

from uma_reports import (
    RecordError,
    ReportError,
    RunRecord,
    read_run,
    write_reports,
    write_run,
    write_text,
)

REPORTS = {"run.json", "report.html", "report.md", "junit.xml"}


@pytest.mark.parametrize("name", ["clean", "mixed", "hostile", "large"])
def test_a_record_survives_the_disk(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What is written is what is read, whatever a target put into it."""
    record: RunRecord = request.getfixturevalue(name)
    write_run(record, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == record


def test_all_reports_are_written(mixed: RunRecord, tmp_path: Path) -> None:
    """A missing folder is made, and other files in it stay."""
    folder = tmp_path / "deep" / "report"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    write_reports(mixed, folder)
    write_reports(mixed, folder)
    assert {path.name for path in folder.iterdir()} == REPORTS | {"notes.txt"}
    assert (folder / "notes.txt").read_text() == "mine"
    assert read_run(folder / "run.json") == mixed


def test_a_hostile_record_is_written(hostile: RunRecord, tmp_path: Path) -> None:
    """No text of a target can keep a report from being written as UTF-8."""
    write_reports(hostile, tmp_path)
    for name in REPORTS:
        assert (tmp_path / name).read_text(encoding="utf-8")


def test_a_file_in_place_of_the_folder(clean: RunRecord, tmp_path: Path) -> None:
    """A path that is a file is named, and what to do instead."""
    path = tmp_path / "report"
    path.write_text("mine")
    with pytest.raises(ReportError, match="this is a file; name a folder"):
        write_reports(clean, path)
    assert path.read_text() == "mine"


def test_a_folder_below_a_file(clean: RunRecord, tmp_path: Path) -> None:
    """A folder that cannot be made is named with the reason."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ReportError, match="cannot be written: Not a directory"):
        write_reports(clean, tmp_path / "file" / "report")


def test_a_report_that_cannot_be_replaced(clean: RunRecord, tmp_path: Path) -> None:
    """A folder in the place of a report is named, and nothing temporary stays."""
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ReportError, match=r"report\.html: cannot be written"):
        write_reports(clean, tmp_path)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_failing_write_leaves_the_old_file(
    broken: str,
    clean: RunRecord,
    mixed: RunRecord,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the disk is full, the old file is whole and nothing temporary stays."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.json"
    write_run(clean, path)
    with monkeypatch.context() as patch:
        if broken == "fsync":
            patch.setattr("os.fsync", fail)
        else:
            patch.setattr(Path, "replace", fail)
        with pytest.raises(ReportError, match="No space left on device"):
            write_run(mixed, path)
    assert read_run(path) == clean
    assert [item.name for item in tmp_path.iterdir()] == ["run.json"]


def test_a_new_text_replaces_nothing(tmp_path: Path) -> None:
    """A text for a new file leaves the file of another as it is."""
    path = tmp_path / "target.toml"
    write_text("mine", path, new=True)
    with pytest.raises(ReportError, match=r"target\.toml: cannot be written: File exists"):
        write_text("other", path, new=True)
    assert [item.read_text() for item in tmp_path.iterdir()] == ["mine"]


def test_half_a_new_text_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, a new file is not there at all."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ReportError, match=r"target\.toml: cannot be written: No space left"):
        write_text("mine", tmp_path / "target.toml", new=True)
    assert not list(tmp_path.iterdir())


def test_a_text_goes_through_a_link(tmp_path: Path) -> None:
    """What a link leads to is replaced, and the link stays."""
    path, link = tmp_path / "diagram.svg", tmp_path / "latest.svg"
    path.write_text("old")
    link.symlink_to(path)
    write_text("new", link)
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_a_text_goes_into_a_pipe(tmp_path: Path) -> None:
    """What is no file is written to as it is, and stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text("drawn", pipe)
        assert os.read(reader, 100) == b"drawn"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named with the reason."""
    with pytest.raises(ReportError, match=r"none\.json: cannot be read: No such file"):
        read_run(tmp_path / "none.json")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_is_not_json(content: bytes, tmp_path: Path) -> None:
    """A file that is not JSON is said to be that."""
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=r"run\.json: is not JSON"):
        read_run(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[]", r"\$: a run record is a JSON object"),
        ("{}", r"\$\.format: is missing"),
        ('{"format": "uma2-run-record/0"}', r"\$\.format: version '0'"),
        ('{"format": "uma2-catalogue/1"}', r"\$\.format: this is no run record"),
    ],
)
def test_a_file_of_another_format(content: str, problem: str, tmp_path: Path) -> None:
    """A file of another format or version is named with the place that says so."""
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(RecordError, match=rf"run\.json: {problem}"):
        read_run(path)
