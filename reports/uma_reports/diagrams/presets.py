"""What each preset shows of everything that happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from uma_reports.diagrams.handles import is_resource
from uma_reports.diagrams.model import ArrowKind, Preset, Role
from uma_reports.diagrams.moments import Moment
from uma_reports.diagrams.parties import Parties

CLAIMS = "claims interaction"
_AS, _RS = Role.AUTHORIZATION_SERVER, Role.RESOURCE_SERVER
_CLIENT, _OWNER = Role.CLIENT, Role.RESOURCE_OWNER
_AT_API = frozenset({_AS, _RS})
_AT_RESOURCE = frozenset({_CLIENT, _RS})
_BESIDE_THE_GRANT = frozenset({"discovery", "client registration", "revocation"})


def chosen(moments: Iterable[Moment], preset: Preset, parties: Parties) -> tuple[Moment, ...]:
    """Return the moments that a preset shows, pages of one visit as one where it says so."""
    return tuple(_PRESETS[preset](moments, parties))


def _full(moments: Iterable[Moment], _parties: Parties) -> Iterator[Moment]:
    yield from moments


def _grant(moments: Iterable[Moment], parties: Parties) -> Iterator[Moment]:
    """Show as the figure of Grant 1.3 does: no protection API, and one arrow for all pages."""
    shown = (moment for moment in moments if _is_of_grant(moment, parties))
    for visit, parts in groupby(_once(shown, parties), key=_is_visit):
        told = list(parts)
        yield from _visits(told) if visit else told


def _fedauthz(moments: Iterable[Moment], parties: Parties) -> Iterator[Moment]:
    """Show as the figures of FedAuthz 3.2, 4 and 5 do: all but the client at the server."""
    shown = (moment for moment in moments if _is_of_fedauthz(moment, parties))
    yield from _once(shown, parties)


_PRESETS: Mapping[Preset, Callable[[Iterable[Moment], Parties], Iterator[Moment]]] = {
    Preset.GRANT: _grant,
    Preset.FEDAUTHZ: _fedauthz,
    Preset.FULL: _full,
}


def _roles(moment: Moment, parties: Parties) -> frozenset[Role]:
    return frozenset({parties.role(moment.source), parties.role(moment.target)})


def _is_of_grant(moment: Moment, parties: Parties) -> bool:
    roles = _roles(moment, parties)
    if moment.facts and moment.facts.endpoint in _BESIDE_THE_GRANT:
        return False
    return roles not in {_AT_API, frozenset({_RS}), frozenset({_RS, _OWNER})}


def _is_of_fedauthz(moment: Moment, parties: Parties) -> bool:
    roles = _roles(moment, parties)
    if roles == _AT_RESOURCE:
        return moment.facts is None or is_resource(moment.facts.endpoint)
    return roles in {_AT_API, frozenset({_AS, _OWNER}), frozenset({_RS, _OWNER})}


def _once(moments: Iterable[Moment], parties: Parties) -> Iterator[Moment]:
    """Show what an owner does at a server as one arrow: it is beside the protocol."""
    for moment in moments:
        if moment.facts is None or _OWNER not in _roles(moment, parties):
            yield moment
        elif moment.kind is ArrowKind.REQUEST:
            yield Moment(ArrowKind.OUTSIDE, moment.source, moment.target, moment.facts)


def _is_visit(moment: Moment) -> bool:
    return moment.facts is not None and moment.facts.endpoint == CLAIMS


def _visits(parts: Sequence[Moment]) -> Iterator[Moment]:
    """Yield for each visit its arrival, one arrow for its pages, and how it ended."""
    visit: list[Moment] = []
    for part in parts:
        arrives = part.kind is ArrowKind.REQUEST and part.facts and part.facts.query.get("ticket")
        if arrives and visit:
            yield from _visit(visit)
            visit = []
        visit.append(part)
    yield from _visit(visit)


def _visit(visit: Sequence[Moment]) -> Iterator[Moment]:
    first, last = visit[0], visit[-1]
    yield first
    pages = len(visit) // 2 - 1
    if pages > 0:
        yield Moment(ArrowKind.OUTSIDE, first.source, first.target, last.facts, pages=pages)
    if last is not first:
        yield last
