"""From findings to rows: one line of the report per requirement that concerns the target."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from uma_conformance.catalogue import Catalogue, Requirement, Role, Severity
from uma_conformance.checks import Check
from uma_conformance.features import Standing
from uma_conformance.judge import Finding
from uma_conformance.outcome import Outcome, combine
from uma_conformance.session import Judgement


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A requirement with what a run found out about it.

    `planned` rows are those that this suite has to judge for this target: the features they need
    are there, and they are observable. A planned row that no check spoke of is `silent`.
    """

    requirement: Requirement
    severity: Severity
    outcome: Outcome
    message: str
    remarks: tuple[str, ...]
    checks: tuple[str, ...]
    exchanges: tuple[int, ...]
    planned: bool
    silent: bool


def judged_rows(  # noqa: PLR0913 - what rows are made of
    catalogue: Catalogue,
    role: Role,
    checks: Iterable[Check],
    judgements: Iterable[Judgement],
    features: Mapping[str, Standing],
    unseen: str = "",
) -> tuple[JudgedRow, ...]:
    """Combine the findings of all checks into one row per requirement that concerns the role.

    `unseen` is what is said of rows that nothing was found about, if it is not for want of a check.
    """
    checks_of: dict[str, list[str]] = defaultdict(list)
    for check in checks:
        for row in check.rows:
            checks_of[row].append(check.name)
    findings_of: dict[str, list[Finding]] = defaultdict(list)
    for judgement in judgements:
        for finding in judgement.findings:
            findings_of[finding.row].append(finding)
    return tuple(
        _row(
            requirement,
            role,
            checks_of[requirement.id],
            findings_of[requirement.id],
            features,
            unseen,
        )
        for requirement in catalogue
        if requirement.concerns(role)
    )


def _row(  # noqa: PLR0913 - what a row is made of
    requirement: Requirement,
    role: Role,
    checks: Sequence[str],
    findings: Sequence[Finding],
    features: Mapping[str, Standing],
    unseen: str,
) -> JudgedRow:
    severity = requirement.severity_for(role)
    missing = [name for name in requirement.needs if not _is_there(features.get(name))]
    absent = [name for name in requirement.needs if features.get(name) is Standing.ABSENT]
    observable = requirement.observable_for(role)
    planned = observable and not missing and (bool(checks) or severity is Severity.ERROR)
    outcome, message = combine(finding.outcome for finding in findings), ""
    if not observable:
        outcome, message = Outcome.UNTESTED, f"not observable: {requirement.not_observable}"
    elif absent and checks and outcome is Outcome.INAPPLICABLE:
        # The checks looked where it had to show. A row they could not look at stays open.
        outcome = Outcome.FAILED
        message = f"declared in the target file, but it never showed: {', '.join(absent)}"
    elif missing and outcome is not Outcome.FAILED:
        outcome = Outcome.INAPPLICABLE
        message = f"neither declared nor discovered: {', '.join(missing)}"
    elif unseen and not findings:
        message = unseen
    elif not checks:
        message = "this version of the suite has no check for it"
    deciding = [finding for finding in findings if finding.outcome is outcome]
    return JudgedRow(
        requirement=requirement,
        severity=severity,
        outcome=outcome,
        message=message or "\n".join(_once(finding.message for finding in deciding)),
        remarks=tuple(_once(finding.message for finding in findings if finding.remark)),
        checks=tuple(checks),
        exchanges=tuple(sorted({number for finding in deciding for number in finding.exchanges})),
        planned=planned,
        silent=planned and not findings,
    )


def _is_there(standing: Standing | None) -> bool:
    return standing in {Standing.DECLARED, Standing.DISCOVERED, Standing.ABSENT}


def _once(messages: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(message for message in messages if message))
