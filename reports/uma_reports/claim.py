"""The claim: one sentence and one verdict, computed from the rows and from nothing else."""

from collections.abc import Callable, Iterable, Sequence

from uma_reports.record import Claim, Origin, Outcome, Row, Severity, Spec, TargetInfo
from uma_reports.visible import one_line
from uma_reports.wording import SPEC_NAMES, counted, role_name

CONFORMANT = 0
NOT_CONFORMANT = 1
INCOMPLETE = 3

_NOT_DECLARED = "not declared"
_ABSENT = "declared, absent"
_APPLICABLE = "applicable error row"


def make_claim(rows: Iterable[Row], target: TargetInfo, origin: Origin | None = None) -> Claim:
    """Say what these rows allow to say about this target.

    Only error rows decide: not conformant when one failed; no claim when one that was planned
    could not be judged, or when none was judged at all; else conformant. The sentence gives the
    counts per specification and names what it does not cover. Rows that were judged by the traffic
    of others never make a target conformant.
    """
    every = tuple(rows)
    errors = tuple(row for row in every if row.severity is Severity.ERROR)
    name, role = one_line(target.name), role_name(target.role)
    traffic = origin is not None and origin.is_traffic
    scope = _scope(every, errors, target, traffic=traffic)
    if any(_failed(row) for row in errors):
        return Claim(
            _denial(errors, name, role) + scope, conformant=False, exit_status=NOT_CONFORMANT
        )
    if traffic:
        sentence = _silence(errors, name, role)
        return Claim(sentence + scope, conformant=None, exit_status=INCOMPLETE)
    if any(_open(row) for row in errors) or not any(_passed(row) for row in errors):
        return Claim(
            _abstention(errors, name, role) + scope, conformant=None, exit_status=INCOMPLETE
        )
    return Claim(_affirmation(errors, name, role) + scope, conformant=True, exit_status=CONFORMANT)


def warnings_in(rows: Iterable[Row]) -> int:
    """Return the number of warnings: warning rows that failed, and remarks on any row."""
    return sum(
        len(row.remarks) + (row.severity is Severity.WARNING and _failed(row)) for row in rows
    )


def is_open(row: Row) -> bool:
    """Return whether an error row had to be judged and could not be: it keeps a claim away."""
    return row.severity is Severity.ERROR and _open(row)


def _passed(row: Row) -> bool:
    return row.outcome is Outcome.PASSED


def _failed(row: Row) -> bool:
    return row.outcome is Outcome.FAILED


def _open(row: Row) -> bool:
    return row.planned and row.outcome in {Outcome.CANT_TELL, Outcome.UNTESTED}


def _applicable(row: Row) -> bool:
    return _passed(row) or _failed(row) or _open(row)


def _affirmation(errors: Sequence[Row], name: str, role: str) -> str:
    applicable = _number(errors, _applicable)
    return (
        f"{name} meets {_number(errors, _passed)} of {counted(applicable, _APPLICABLE)} "
        f"of UMA 2.0 as {role} ({_per_spec(errors, _passed)})."
    )


def _denial(errors: Sequence[Row], name: str, role: str) -> str:
    applicable, still_open = _number(errors, _applicable), _number(errors, _open)
    sentence = (
        f"{name} does not conform to UMA 2.0 as {role}: {_number(errors, _failed)} of "
        f"{counted(applicable, _APPLICABLE)} failed ({_per_spec(errors, _failed)})"
    )
    return sentence + (f", {still_open} could not be judged." if still_open else ".")


def _abstention(errors: Sequence[Row], name: str, role: str) -> str:
    applicable, passed = _number(errors, _applicable), _number(errors, _passed)
    if not applicable:
        return f"No claim: no error row of UMA 2.0 was judged for {name} as {role}."
    sentence = (
        f"No claim: {_number(errors, _open)} of {counted(applicable, _APPLICABLE)} of UMA 2.0 "
        f"could not be judged for {name} as {role} ({_per_spec(errors, _open)})"
    )
    return sentence + (f", {passed} passed." if passed else ", none was judged.")


def _silence(errors: Sequence[Row], name: str, role: str) -> str:
    applicable, passed = _number(errors, _applicable), _number(errors, _passed)
    return (
        f"No claim: traffic alone never shows conformance. It shows {passed} of "
        f"{counted(applicable, _APPLICABLE)} of UMA 2.0 to be met by {name} as {role} "
        f"({_per_spec(errors, _passed)}), and none to be broken."
    )


def _per_spec(errors: Sequence[Row], wanted: Callable[[Row], bool]) -> str:
    return ", ".join(_in_spec(errors, spec, wanted) for spec in Spec)


def _in_spec(errors: Sequence[Row], spec: Spec, wanted: Callable[[Row], bool]) -> str:
    inside = [row for row in errors if row.spec is spec]
    applicable = _number(inside, _applicable)
    if not applicable:
        return f"{SPEC_NAMES[spec]} none applicable"
    return f"{SPEC_NAMES[spec]} {_number(inside, wanted)}/{applicable}"


def _scope(
    every: Sequence[Row], errors: Sequence[Row], target: TargetInfo, *, traffic: bool
) -> str:
    warnings = warnings_in(every)
    return "".join(
        (
            _not_covered(errors),
            _listed("Not seen" if traffic else "Not declared", target, _NOT_DECLARED),
            _listed("Declared, but never seen", target, _ABSENT),
            f" {counted(warnings, 'warning') if warnings else 'No warnings'}.",
        )
    )


def _not_covered(errors: Sequence[Row]) -> str:
    inapplicable = _number(errors, lambda row: row.outcome is Outcome.INAPPLICABLE)
    unplanned = len(errors) - _number(errors, _applicable) - inapplicable
    named: list[str] = []
    if inapplicable:
        verb = "does" if inapplicable == 1 else "do"
        named.append(f"{counted(inapplicable, 'error row')} that {verb} not apply")
    if unplanned:
        named.append(f"{counted(unplanned, 'error row')} that this suite does not judge")
    return f" Not covered: {', '.join(named)}." if named else ""


def _listed(title: str, target: TargetInfo, standing: str) -> str:
    names = sorted(name for name, value in target.features.items() if value == standing)
    return f" {title}: {', '.join(map(one_line, names))}." if names else ""


def _number(rows: Iterable[Row], wanted: Callable[[Row], bool]) -> int:
    return sum(wanted(row) for row in rows)
