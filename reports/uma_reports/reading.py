"""From a JSON document to a run record; what contradicts itself is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from uma_reports.baseline import make_baseline
from uma_reports.claim import make_claim
from uma_reports.document import baseline_document, summary_document
from uma_reports.errors import RecordError
from uma_reports.exploration import check_exploration, exploration
from uma_reports.known import Baseline
from uma_reports.members import Members, kind
from uma_reports.oracle import KnownFault
from uma_reports.packs.document import check_packs, pack, pack_name
from uma_reports.parts import (
    episode,
    exchange,
    known_failure,
    oracle,
    origin,
    row,
    suite,
    target,
    timing,
)
from uma_reports.record import (
    FORMAT,
    Claim,
    EpisodeRecord,
    ExchangeRecord,
    RunRecord,
    RunRecording,
)
from uma_reports.references import check_exchanges, unique
from uma_reports.scenarios.document import check_scenarios, scenario
from uma_reports.summary import summarise

_FAMILY = FORMAT.partition("/")[0]


def from_document(document: Mapping[str, object]) -> RunRecord:
    """Return the run record that a JSON document holds.

    Raises `RecordError`, naming the JSON path, when the document is not of this format, refers to
    exchanges or rows that it does not hold, or claims or counts other than its rows say.
    """
    members = Members(document)
    _check_format(members)
    given = members.one("claim", _claim)
    summary = members.take("summary")
    record = _computed(members)
    if given.conformant is not record.claim.conformant:
        raise RecordError("$.claim.conformant", "says something else than the rows of the record")
    if given.exit_status != record.claim.exit_status:
        raise RecordError("$.claim.exit_status", "does not go with the rows of the record")
    _check_same(summary, summary_document(record.summary), "$.summary")
    _check_same(members.peek("baseline"), _known(record), "$.baseline")
    return replace(record, claim=given)


def _claim(members: Members) -> Claim:
    return Claim(
        sentence=members.text("sentence"),
        conformant=None if members.take("conformant") is None else members.flag("conformant"),
        exit_status=members.whole("exit_status"),
    )


def _known(record: RunRecord) -> object:
    return None if record.baseline is None else baseline_document(record.baseline)


def complete(document: Mapping[str, object]) -> RunRecord:
    """Return the run record of a document that has neither `claim` nor `summary` yet.

    Both are computed from its rows. Raises `RecordError` as `from_document` does.
    """
    members = Members(document).without("claim", "summary")
    _check_format(members)
    return _computed(members)


def recording_of(document: Mapping[str, object]) -> RunRecording:
    """Return what the JSON document of a run record holds beside its verdicts.

    Members that this version does not know are ignored, and so are rows, claim and summary: another
    version of the suite may have judged otherwise. Raises `RecordError` as `from_document` does.
    """
    members = Members(document, tolerant=True)
    _check_format(members)
    recording = RunRecording(
        suite=members.one("suite", suite),
        target=members.one("target", target),
        started=members.time("started"),
        finished=members.time("finished"),
        timing=members.one("timing", timing),
        exchanges=members.each("exchanges", exchange),
        episodes=members.each("episodes", episode),
        origin=members.given("origin", origin),
        packs=members.each("packs", pack_name) if "packs" in members else (),
    )
    _check_steps(recording.exchanges, recording.episodes)
    unique("$.episodes", "probe", (item.probe for item in recording.episodes))
    return recording


def _computed(members: Members) -> RunRecord:
    rows = members.each("rows", row)
    silent_rows = members.texts("silent_rows")
    about = members.one("target", target)
    source = members.given("origin", origin)
    record = RunRecord(
        suite=members.one("suite", suite),
        target=about,
        claim=make_claim(rows, about, source),
        started=members.time("started"),
        finished=members.time("finished"),
        timing=members.one("timing", timing),
        summary=summarise(rows, silent_rows),
        rows=rows,
        exchanges=members.each("exchanges", exchange),
        episodes=members.each("episodes", episode),
        silent_rows=silent_rows,
        origin=source,
        oracle=members.given("oracle", oracle),
        packs=members.each("packs", pack) if "packs" in members else (),
        exploration=members.given("exploration", exploration),
        scenarios=members.each("scenarios", scenario) if "scenarios" in members else (),
    )
    known = members.given("baseline", lambda baseline: _baseline(baseline, record))
    record = replace(record, baseline=known)
    members.end()
    _check_references(record)
    return record


def _baseline(members: Members, record: RunRecord) -> Baseline:
    members.take("exit_status")
    return make_baseline(
        members.text("source"),
        members.text("digest"),
        members.day("on"),
        members.each("entries", known_failure),
        record.rows,
        record.claim,
        record.packs,
    )


def _check_format(members: Members) -> None:
    found = members.text("format")
    if found == FORMAT:
        return
    family, _, version = found.partition("/")
    if family != _FAMILY:
        raise RecordError("$.format", f"this is no run record; one has the format {FORMAT!r}")
    raise RecordError(
        "$.format",
        f"version {version[:20]!r} of the run record is not read by this version of the suite, "
        f"which reads {FORMAT!r}; run `uma2 certify` again or use the version that wrote it",
    )


def _check_references(record: RunRecord) -> None:
    numbers = _check_steps(record.exchanges, record.episodes)
    ids = unique("$.rows", "id", (item.id for item in record.rows))
    for at, item in enumerate(record.rows):
        check_exchanges(f"$.rows[{at}]", item.exchanges, numbers)
    faults = unique("$.oracle.faults", "id", (item.id for item in _faults(record)))
    for at, item in enumerate(record.rows):
        for inside, fault in enumerate(item.proved_by):
            if fault not in faults:
                raise RecordError(f"$.rows[{at}].proved_by[{inside}]", f"no fault {fault!r}")
    check_packs(record.packs, numbers)
    check_exploration(record.exploration, numbers)
    check_scenarios(record.scenarios, numbers)
    for at, silent in enumerate(record.silent_rows):
        if silent not in ids:
            raise RecordError(f"$.silent_rows[{at}]", "no row has this id")


def _faults(record: RunRecord) -> Sequence[KnownFault]:
    return record.oracle.faults if record.oracle else ()


def _check_steps(
    exchanges: Iterable[ExchangeRecord], episodes: Iterable[EpisodeRecord]
) -> set[int]:
    """Return the numbers of all exchanges; each step of an episode has to name one of them."""
    numbers = unique("$.exchanges", "number", (item.number for item in exchanges))
    for at, recorded in enumerate(episodes):
        for label, number in recorded.steps.items():
            if number not in numbers:
                raise RecordError(f"$.episodes[{at}].steps[{label!r}]", f"no exchange {number}")
    return numbers


def _check_same(given: object, computed: object, path: str) -> None:
    if isinstance(computed, Mapping):
        _check_same_members(Members(given, path), cast("Mapping[str, object]", computed))
    elif isinstance(computed, list):
        _check_same_items(given, cast("list[object]", computed), path)
    elif given != computed or isinstance(given, bool):
        raise RecordError(path, f"must be {computed}, going by the rows of the record")


def _check_same_members(given: Members, computed: Mapping[str, object]) -> None:
    for name, value in computed.items():
        _check_same(given.take(name), value, given.place(name))
    given.end()


def _check_same_items(given: object, computed: list[object], path: str) -> None:
    if not isinstance(given, list | tuple):
        raise RecordError(path, f"must be an array, not {kind(given)}")
    items = cast("Sequence[object]", given)
    if len(items) != len(computed):
        raise RecordError(path, f"must have {len(computed)} items, going by the rows")
    for at, (one, other) in enumerate(zip(items, computed, strict=True)):
        _check_same(one, other, f"{path}[{at}]")
