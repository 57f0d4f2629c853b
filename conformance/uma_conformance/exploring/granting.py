"""What the token endpoint and the claims page promise in the middle of a walk (Grant 3.3, 5.5)."""

from collections.abc import Iterator
from dataclasses import replace

from uma_conformance.exploring.state import (
    YOUNG,
    Answer,
    Bounds,
    Pct,
    Proof,
    RefreshToken,
    Rpt,
    Source,
    Standing,
    Ticket,
    Use,
    Violation,
    World,
    united,
)
from uma_conformance.exploring.steps import Step, Taken
from uma_conformance.trace import Exchange

_ASSESSED = frozenset({"need_info", "request_denied", "request_submitted"})
_GOING_ON = frozenset({"need_info", "request_submitted"})
_SPENT = {Use.SPENT: ("G-5.5-02", "G-5.5-03"), Use.SHOWN: ("G-5.5-04",)}


def judge_visit(world: World, taken: Taken) -> Iterator[Violation]:
    """Judge what a requesting party brought back from the claims interaction endpoint."""
    step, ticket = taken.step, world.tickets[taken.step.ticket]
    value = str(taken.facts.get("ticket", ""))
    if ticket.use in _SPENT:
        if value:
            rows = ("G-5.5-03",) if ticket.use is Use.SPENT else ("G-5.5-04",)
            seen = "the claims page gave a new ticket for one that had been presented"
            yield Violation(rows, seen)
        return
    fresh, ticket.use = ticket.use is Use.FRESH, Use.UNSURE
    if not value:
        return
    if value == ticket.value:
        yield Violation(("G-3.3.3-05",), "the ticket that came back is the one that was sent")
    if fresh:
        ticket.use = Use.SHOWN
    world.tickets[step.result] = replace(
        ticket,
        value=value,
        at=taken.seconds,
        source=Source.VISIT,
        client=step.client,
        proofs=ticket.proofs | {(step.party, True)},
        use=Use.FRESH if fresh else Use.UNSURE,
    )


def judge_redeeming(world: World, taken: Taken, answer: Exchange) -> Iterator[Violation]:
    """Judge the answer to a request for an RPT, and keep what came in it."""
    step, ticket = taken.step, world.tickets[taken.step.ticket]
    told: frozenset[Proof] = frozenset({(step.party, False)}) if step.party else frozenset()
    proofs = ticket.proofs | told
    parties = {party for party, _ in proofs} | _remembered(world, step)
    due = _is_due(world, taken, ticket, told)
    got_rpt = answer.succeeded and bool(_text(answer, "access_token"))
    if ticket.use in _SPENT:
        if got_rpt or answer.error in _GOING_ON:
            seen = f"a ticket that had been presented was good again: {answer.outline}"
            # What such a ticket gives is bound by the policies as everything is.
            yield Violation(_SPENT[ticket.use], seen, bearable=True)
    elif ticket.use is Use.FRESH:
        if due and not answer.succeeded:
            yield Violation((_refusal(ticket, answer),), f"all was allowed: {answer.outline}")
        if got_rpt and not step.rpt:
            yield from _unallowed(world, step, ticket, frozenset(parties))
        if answer.error in _ASSESSED and not step.pct:
            world.refused.add(_asked(world, step, ticket))
        known = got_rpt or answer.error in _ASSESSED
        ticket.use = Use.SPENT if known else Use.UNSURE
    if got_rpt:
        rpt = _issued(world, taken, ticket, frozenset(parties), answer)
        rpt.least = _wanted(world, ticket) if due else {}
        yield from _keep(world, step, rpt, answer)
    else:
        yield from _goes_on(world, taken, ticket, proofs, answer)


def _goes_on(
    world: World, taken: Taken, ticket: Ticket, proofs: frozenset[Proof], answer: Exchange
) -> Iterator[Violation]:
    """Keep the ticket of an answer that asks for more; it has to be another one."""
    value = _text(answer, "ticket")
    if not value:
        return
    if value == ticket.value and answer.error in _GOING_ON:
        row = "G-3.3.6-14" if answer.error == "need_info" else "G-3.3.6-43"
        yield Violation((row,), f"{answer.error} gave the ticket back that was sent")
    submitted = answer.error == "request_submitted"
    world.tickets[taken.step.result] = replace(
        ticket,
        value=value,
        at=taken.seconds,
        source=Source.SUBMITTED if submitted else Source.NEED_INFO,
        client=taken.step.client,
        proofs=proofs,
        use=Use.FRESH,
    )


def _remembered(world: World, step: Step) -> set[str]:
    pct = world.pcts.get(_value(world, step.pct, "pct"))
    good = pct is not None and pct.client == step.client and not pct.revoked
    return set(pct.parties) if pct is not None and good else set()


def _is_due(world: World, taken: Taken, ticket: Ticket, told: frozenset[Proof]) -> bool:
    """Tell whether everything can be granted, so that it has to be (Grant 3.3.4)."""
    step = taken.step
    proofs = told | (ticket.proofs if ticket.source is Source.VISIT else frozenset[Proof]())
    one_party = len({party for party, _ in ticket.proofs | told}) == 1
    plain = not step.pct and (not step.rpt or _is_good(world, taken, proofs))
    return (
        ticket.use is Use.FRESH
        and ticket.client in {"", step.client}
        and ticket.source is not Source.SUBMITTED
        and taken.until - ticket.at < YOUNG
        and one_party
        and plain
        and all(
            world.resources[name].standing is Standing.LIVE
            and world.resources[name].version == ticket.versions[name]
            and bool(scopes)
            and scopes <= world.resources[name].granted(proofs) & world.resources[name].scopes
            for name, scopes in ticket.wanted.items()
        )
    )


def _is_good(world: World, taken: Taken, proofs: frozenset[Proof]) -> bool:
    """Tell whether the RPT that is sent along is an active one of this client and party."""
    rpt = world.rpts.get(_value(world, taken.step.rpt, "rpt"))
    return (
        rpt is not None
        and rpt.client == taken.step.client
        and rpt.parties == frozenset(party for party, _ in proofs)
        and not rpt.revoked
        and world.quiet(rpt.since, taken.until, rpt.lasts)
    )


def _refusal(ticket: Ticket, answer: Exchange) -> str:
    if ticket.source is Source.NEED_INFO:
        return "G-3.3.6-13" if answer.error == "invalid_grant" else "G-3.3.1-09"
    return "G-3.3.3-04" if ticket.source is Source.VISIT else "G-3.3.4-11"


def _unallowed(
    world: World, step: Step, ticket: Ticket, parties: frozenset[str]
) -> Iterator[Violation]:
    """Yield that there is an RPT although no scope of any wanted resource may be granted."""
    wanted = [world.resources[name] for name, scopes in ticket.wanted.items() if scopes]
    if not wanted or any(item.bound(parties) != frozenset() for item in wanted):
        return
    if step.pct:
        pct = world.pcts.get(_value(world, step.pct, "pct"))
        # Only a request that was refused without the PCT shows that the grant is owed to it.
        if pct is not None and _asked(world, step, ticket) in world.refused:
            if pct.client != step.client:
                seen = "the PCT of another client gave an RPT"
                yield Violation(("G-5.2-09",), seen)
            elif pct.revoked:
                yield Violation(("G-3.7-03",), "a PCT that was revoked gave an RPT")
        return
    if any(item.maybe == () for item in wanted):
        seen = "an RPT was issued after the owner withdrew all policies"
        yield Violation(("G-6.1-01",), seen)
    else:
        yield Violation(("G-3.3.4-01",), "an RPT was issued that no policy allows")


def _asked(world: World, step: Step, ticket: Ticket) -> object:
    wanted = frozenset(ticket.wanted.items())
    return (step.client, step.party, wanted, ticket.proofs, world.policy_changes)


def _wanted(world: World, ticket: Ticket) -> dict[str, frozenset[str]]:
    return {world.resources[name].id: scopes for name, scopes in ticket.wanted.items()}


def _issued(
    world: World, taken: Taken, ticket: Ticket, parties: frozenset[str], answer: Exchange
) -> Rpt:
    """Return the new RPT with what it may permit, also for the one that was sent along."""
    step = taken.step
    old = world.rpts.get(_value(world, step.rpt, "rpt"))
    upgraded = answer.members.get("upgraded") is True
    kept: dict[str, frozenset[str]] = {}
    if old is not None and upgraded and not old.revoked:
        # What the old one surely permitted has to be in the new one (Grant 3.3.5.1).
        kept = dict(old.least) if world.quiet(old.since, taken.until, old.lasts) else {}
    world.token_changes += 1
    bounds = world.bounds(parties)
    carried: Bounds | None = dict(old.bounds) if old is not None else None
    if old is not None and old.carried is not None and carried is not None:
        carried = united(carried, old.carried)
    wanted = frozenset(_wanted(world, ticket))
    return Rpt(
        client=step.client,
        parties=parties,
        since=world.now(taken.seconds),
        issued=dict(bounds),
        bounds=bounds,
        lasts=_lasts(answer),
        kept=kept,
        wanted=wanted,
        nothing=all(bounds[name] == frozenset() for name in wanted),
        carried=carried,
        foreign=old is not None and old.client != step.client,
        upgraded=upgraded,
    )


def _keep(world: World, step: Step, rpt: Rpt, answer: Exchange) -> Iterator[Violation]:
    """Keep the tokens of a success under the name of the step."""
    value = _text(answer, "access_token")
    before = world.rpts.get(value)
    if before is not None:
        if before.client != rpt.client:
            yield Violation(("G-1.3-01",), "two clients got the same RPT")
        # The same string: what was an RPT before is the upgraded one now.
        rpt.bounds = united(rpt.bounds, before.bounds)
        rpt.issued = united(rpt.issued, before.issued)
        rpt.least = {}
    world.rpts[value] = rpt
    refresh_token, pct = _text(answer, "refresh_token"), _text(answer, "pct")
    allowed = rpt.issued
    if rpt.carried is not None and not rpt.foreign:
        allowed = united(allowed, rpt.carried)
    if refresh_token:
        world.refresh_tokens[refresh_token] = RefreshToken(rpt.since, dict(allowed), rpt.parties)
    if pct:
        known = world.pcts.get(pct)
        about = rpt.parties | (known.parties if known else frozenset[str]())
        world.pcts[pct] = Pct(step.client, about)
    world.answers[step.result] = Answer(rpt.client, value, refresh_token, pct)


def judge_refreshing(world: World, taken: Taken, answer: Exchange) -> Iterator[Violation]:
    """Judge the answer to a refresh token, which is no authorization assessment (Grant 3.6)."""
    step, source = taken.step, world.answers[taken.step.answer]
    token = world.refresh_tokens[source.refresh_token]
    fresh = not token.used and not token.revoked
    quiet = world.quiet(token.since, taken.until)
    token.used = True
    if not answer.succeeded:
        if answer.error in _ASSESSED or "ticket" in answer.members:
            yield Violation(("G-3.6-04",), f"a refresh was assessed: {answer.outline}")
        elif fresh and quiet:
            yield Violation(("G-3.6-02",), f"a new refresh token was refused: {answer.outline}")
        return
    if token.revoked:
        yield Violation(("G-3.7-02",), "a refresh token that was revoked gave an RPT")
    if not _text(answer, "access_token"):
        return
    world.token_changes += 1
    rpt = Rpt(
        client=source.client,
        parties=token.parties,
        since=world.now(taken.seconds),
        issued=dict(token.issued),
        bounds=dict(token.issued),
        lasts=_lasts(answer),
        refreshed=True,
    )
    yield from _keep(world, replace(step, client=source.client), rpt, answer)


def _value(world: World, name: str, kind: str) -> str:
    answer = world.answers.get(name)
    found = getattr(answer, kind, "")
    return found if isinstance(found, str) else ""


def _lasts(answer: Exchange) -> float:
    """Return how long an RPT has no reason to end by itself; `expires_in` may be rounded."""
    told = answer.members.get("expires_in")
    number = isinstance(told, int | float) and not isinstance(told, bool)
    return min(YOUNG, float(str(told)) - 1) if number else YOUNG


def _text(answer: Exchange, name: str) -> str:
    value = answer.members.get(name)
    return value if isinstance(value, str) else ""
