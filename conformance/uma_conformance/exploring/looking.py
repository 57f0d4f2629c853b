"""What introspection and revocation promise in the middle of a walk (FedAuthz 5.1, Grant 3.7)."""

from collections.abc import Iterator, Mapping

from uma_conformance.exploring.state import Bounds, Rpt, Violation, World
from uma_conformance.exploring.steps import Kind, Step, Taken
from uma_conformance.jsonvalue import object_of, strings_of
from uma_conformance.probes.scene import shown_permissions
from uma_conformance.trace import Exchange


def judge_introspection(world: World, taken: Taken, answer: Exchange) -> Iterator[Violation]:
    """Judge what introspection shows of an RPT.

    An RPT may end at any time that something happens; it may not permit what was never allowed.
    """
    rpt = world.rpts[world.answers[taken.step.answer].rpt]
    active = answer.members.get("active")
    quiet = world.quiet(rpt.since, taken.until, rpt.lasts)
    if active is False and quiet and not rpt.revoked:
        row = "G-3.6-02" if rpt.refreshed else "G-3.3.5-01"
        yield Violation((row,), "an RPT that was just issued is not active", bearable=True)
    if active is not True:
        return
    if rpt.revoked:
        yield Violation(("G-3.7-01",), "an RPT that was revoked is active")
    shown = _shown(taken, answer)
    if shown is None:
        return
    more = _beyond(world, shown, rpt.bounds)
    if rpt.carried is not None and rpt.upgraded and not rpt.foreign:
        more = _beyond(world, more, rpt.carried)
    if more:
        yield _excess(world, rpt, more)
    if quiet and not more:
        for rows, least in ((("G-3.3.4-11",), rpt.least), (("G-3.3.5.1-04",), rpt.kept)):
            lack = {n: s - shown.get(n, frozenset()) for n, s in least.items()}
            if any(lack.values()):
                missing = sorted(scope for scopes in lack.values() for scope in scopes)
                yield Violation(rows, f"the RPT lacks {', '.join(missing)}")
    rpt.looked_at = True


def _excess(world: World, rpt: Rpt, more: Mapping[str, frozenset[str]]) -> Violation:
    extra = ", ".join(sorted({scope for scopes in more.values() for scope in scopes}))
    if rpt.refreshed:
        return Violation(("G-3.6-04",), f"a refreshed RPT permits more than before: {extra}")
    # On a resource that was asked for, the RPT that was sent need not be what it comes from.
    elsewhere = rpt.carried is not None and not rpt.wanted & set(more)
    if elsewhere and rpt.carried is not None and not _beyond(world, more, rpt.carried):
        if rpt.foreign:
            return Violation(("G-1.3-01",), f"the RPT has permissions of another client: {extra}")
        seen = f"old permissions are in the new RPT, and upgraded is not true: {extra}"
        return Violation(("G-3.3.5-13",), seen)
    if rpt.looked_at:
        return Violation(("F-5.1.1-21",), f"an RPT came to permit what was never granted: {extra}")
    if rpt.nothing:
        return Violation(("G-3.3.4-01",), f"an RPT was issued that no policy allows: {extra}")
    return Violation(("G-3.3.4-09",), f"the RPT permits what no policy allows: {extra}")


def _beyond(
    world: World, shown: Mapping[str, frozenset[str]], bounds: Bounds
) -> dict[str, frozenset[str]]:
    """Return what is shown beyond bounds; resources that the walk does not know are no matter."""
    known = {resource.id for resource in world.resources.values()}
    found: dict[str, frozenset[str]] = {}
    for name, scopes in shown.items():
        bound = bounds.get(name)
        if name in known and bound is not None and scopes - bound:
            found[name] = scopes - bound
    return found


def _shown(taken: Taken, answer: Exchange) -> Mapping[str, frozenset[str]] | None:
    by_driver = taken.facts.get("permissions")
    if by_driver is not None:
        return {name: frozenset(strings_of(s)) for name, s in object_of(by_driver).items()}
    return shown_permissions(answer.members.get("permissions"))


def judge_revocation(world: World, step: Step, answer: Exchange) -> None:
    """Learn what was revoked; only an answer 200 says so (RFC 7009)."""
    world.token_changes += 1
    held = world.answers[step.answer]
    if answer.status != 200:
        return
    match step.kind:
        case Kind.RPT:
            world.rpts[held.rpt].revoked = True
        case Kind.REFRESH_TOKEN:
            world.refresh_tokens[held.refresh_token].revoked = True
        case _:
            world.pcts[held.pct].revoked = True
