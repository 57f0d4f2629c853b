"""From findings to the rows of packs, apart from those of UMA."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uma_conformance.catalogue.packs import Pack, PackRow
from uma_conformance.catalogue.packs.load import load_pack
from uma_conformance.checks import Check
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome, combine
from uma_conformance.session import Judgement

_UNSEEN = "no check of this run looked at it"


@dataclass(frozen=True, slots=True)
class JudgedPackRow:
    """A row of a pack with what a run found out about it."""

    row: PackRow
    outcome: Outcome
    message: str
    remarks: tuple[str, ...]
    checks: tuple[str, ...]
    exchanges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JudgedPack:
    """A pack with one judged row for each of its rows."""

    pack: Pack
    rows: tuple[JudgedPackRow, ...]


def judged_packs(
    checks: Iterable[Check], judgements: Iterable[Judgement], unseen: str = ""
) -> tuple[JudgedPack, ...]:
    """Return the packs that the checks are of, each with all of its rows.

    `unseen` says why a row is silent that nothing was found about.
    """
    every = tuple(checks)
    findings = [finding for judgement in judgements for finding in judgement.findings]
    return tuple(
        _judged(
            load_pack(name),
            [check for check in every if check.pack == name],
            findings,
            unseen or _UNSEEN,
        )
        for name in dict.fromkeys(check.pack for check in every if check.pack)
    )


def _judged(
    pack: Pack, checks: Sequence[Check], findings: Sequence[Finding], unseen: str
) -> JudgedPack:
    rows = tuple(_row(row, checks, findings, unseen) for row in pack.rows.values())
    return JudgedPack(pack, rows)


def _row(
    row: PackRow, checks: Sequence[Check], findings: Sequence[Finding], unseen: str
) -> JudgedPackRow:
    own = [finding for finding in findings if finding.row == row.id]
    outcome = combine(finding.outcome for finding in own)
    deciding = [finding for finding in own if finding.outcome is outcome]
    messages = dict.fromkeys(finding.message for finding in deciding if finding.message)
    remarks = dict.fromkeys(finding.message for finding in own if finding.remark)
    return JudgedPackRow(
        row=row,
        outcome=outcome,
        message="\n".join(messages) if own else unseen,
        remarks=tuple(remarks),
        checks=tuple(check.name for check in checks if row.id in check.rows),
        exchanges=tuple(sorted({number for item in deciding for number in item.exchanges})),
    )
