"""Authorization results determination (Grant 3.3.4), as a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uma_reference.authorization_server.assessment import Assessed
from uma_reference.authorization_server.model import Condition, Permission
from uma_reference.authorization_server.records import AccessRequest, Standing


@dataclass(frozen=True, slots=True)
class Granted:
    """An RPT is issued with these permissions."""

    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class NeedInfo:
    """More claims could help; these are the conditions that they have to meet."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """Nothing can be granted, and no further claims would help."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The resource owner is asked about these permissions."""

    permissions: tuple[Permission, ...]


Result = Granted | NeedInfo | Submitted | Denied


def determine(assessed: Sequence[Assessed], *, partial_grants: bool) -> Result:
    """Decide between an RPT with the candidates and an error.

    All granted gives an RPT. A part of it gives an RPT if the server grants parts. Otherwise the
    owner is asked where a policy says so, then need_info comes when further claims could still
    help, else denial.
    """
    if assessed and all(item.granted for item in assessed):
        return Granted(_permissions(assessed))
    part = _permissions(item for item in assessed if item.candidates)
    if part and partial_grants:
        return Granted(part)
    asked = tuple(Permission(a.resource_id, a.askable) for a in assessed if a.askable)
    if asked:
        return Submitted(asked)
    conditions = tuple(dict.fromkeys(c for item in assessed for c in item.unmet))
    return NeedInfo(conditions) if conditions else Denied()


def heeded(result: Result, asked: AccessRequest | None) -> Result:
    """Return what a poll comes to: whatever is granted meanwhile, else what the owner said of it.

    `asked` is what was submitted to her earlier in the same process, if anything (Grant 3.3.6).
    """
    if isinstance(result, Granted) or asked is None:
        return result
    if asked.standing is Standing.PENDING:
        return Submitted(asked.permissions)
    return Denied() if asked.standing is Standing.DENIED else result


def _permissions(assessed: Iterable[Assessed]) -> tuple[Permission, ...]:
    return tuple(
        Permission(item.resource_id, item.candidates, item.expires_at, item.policies)
        for item in assessed
    )
