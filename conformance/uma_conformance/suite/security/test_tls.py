"""TLS as BCP 195 asks for it (RFC 9325)."""

from collections.abc import Iterator, Mapping

from uma_conformance.checks import check
from uma_conformance.jsonvalue import object_of
from uma_conformance.judge import Judge
from uma_conformance.probes.security import tls

_GOOD, _OLD = ("TLS 1.3", "TLS 1.2"), ("TLS 1.1", "TLS 1.0")
_WEAK = ("weak suites under TLS 1.2", "weak suites under TLS 1.0")
Agreements = Mapping[str, Mapping[str, object]]


def _places(judge: Judge) -> Iterator[tuple[str, Agreements]]:
    for place, found in object_of(judge.fact("agreements")).items():
        yield place, {name: object_of(value) for name, value in object_of(found).items()}


def _accepted(found: Agreements, name: str) -> bool:
    agreement = found.get(name, {})
    wanted = name if name in {*_GOOD, *_OLD} else None
    return agreement.get("reaction") == "accepted" and wanted in {None, agreement.get("version")}


def _refused(judge: Judge, row: str, names: tuple[str, ...]) -> None:
    """Require that each place refuses these greetings, and accepts a good one."""
    for place, found in _places(judge):
        accepted = [name for name in names if found.get(name, {}).get("reaction") == "accepted"]
        if accepted:
            suites = sorted({str(found[name].get("suite")) for name in accepted})
            seen = f"{place} agreed to {', '.join(accepted)} (suite {', '.join(suites)})"
            judge.require(row, not accepted, seen)
        elif not any(_accepted(found, name) for name in _GOOD):
            judge.cant_tell(row, f"the control failed: {place} agreed to no good greeting either")
        elif any(found.get(name, {}).get("reaction") != "refused" for name in names):
            judge.cant_tell(row, f"{place} did not answer a greeting")
        else:
            judge.require(row, holds=True, message="")


@check("SEC-TLS-01", probe=tls.greetings)
def test_old_versions_are_refused(judge: Judge) -> None:
    """A greeting with TLS 1.0 or TLS 1.1 alone is refused."""
    _refused(judge, "SEC-TLS-01", _OLD)


@check("SEC-TLS-02", probe=tls.greetings)
def test_a_good_version_is_offered(judge: Judge) -> None:
    """TLS 1.2 or TLS 1.3 is agreed to."""
    for place, found in _places(judge):
        good = any(_accepted(found, name) for name in _GOOD)
        others = any(_accepted(found, name) for name in _OLD)
        if not good and not others:
            judge.cant_tell("SEC-TLS-02", f"{place} agreed to no greeting at all")
        else:
            seen = f"{place} agreed to old versions only"
            judge.require("SEC-TLS-02", good, seen)


@check("SEC-TLS-03", probe=tls.greetings)
def test_the_newest_version_is_offered(judge: Judge) -> None:
    """TLS 1.3 is agreed to."""
    for place, found in _places(judge):
        if any(_accepted(found, name) for name in (*_GOOD, *_OLD)):
            seen = f"{place} does not agree to TLS 1.3"
            judge.require("SEC-TLS-03", _accepted(found, "TLS 1.3"), seen)
        else:
            judge.cant_tell("SEC-TLS-03", f"{place} agreed to no greeting at all")


@check("SEC-TLS-04", probe=tls.greetings)
def test_weak_suites_are_refused(judge: Judge) -> None:
    """A greeting with nothing but weak cipher suites is refused."""
    _refused(judge, "SEC-TLS-04", _WEAK)
