"""Authorization results determination (Grant 3.3.4), as a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uma_reference.authorization_server.assessment import Assessed
from uma_reference.authorization_server.model import Condition, Permission


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


def determine(assessed: Sequence[Assessed], *, partial_grants: bool) -> Granted | NeedInfo | Denied:
    """Decide between an RPT with the candidates and an error.

    All granted gives an RPT. A part of it gives an RPT if the server grants parts. Otherwise
    need_info when further claims could still help, else denial.
    """
    if assessed and all(item.granted for item in assessed):
        return Granted(_permissions(assessed))
    part = _permissions(item for item in assessed if item.candidates)
    if part and partial_grants:
        return Granted(part)
    conditions = tuple(dict.fromkeys(c for item in assessed for c in item.unmet))
    return NeedInfo(conditions) if conditions else Denied()


def _permissions(assessed: Iterable[Assessed]) -> tuple[Permission, ...]:
    return tuple(Permission(item.resource_id, item.candidates) for item in assessed)
