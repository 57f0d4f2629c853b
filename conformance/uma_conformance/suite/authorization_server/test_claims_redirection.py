"""Where the claims interaction endpoint leads nobody, and what it says (Grant 3.3.2, 3.3.3)."""

from uma_conformance.actors.user_agent import origin_of
from uma_conformance.checks import check
from uma_conformance.jsonvalue import strings_of
from uma_conformance.judge import Judge
from uma_conformance.navigation import text_of
from uma_conformance.outcome import Outcome
from uma_conformance.probes import arrivals
from uma_conformance.suite.ways_back import WayBack, control, values, way_back


def _require_not_to(judge: Judge, row: str, visit: WayBack, uri: str, what: str) -> None:
    """Fail a row if a visit leads to this address, with whatever parameters."""
    address = visit.just_to(uri)
    judge.require(row, not address, f"{what}: redirected to {address!r}", visit.first, visit.last)


def _remark_elsewhere(judge: Judge, row: str, visit: WayBack, registered: WayBack) -> None:
    """Note that a wrong address was not refused, but taken for the registered one."""
    if visit.uri and not visit.just_to(visit.uri) and values(visit.to(registered.uri), "ticket"):
        judge.remark(row, f"{visit.uri!r} was taken for the registered address", visit.last)


@check("G-3.3.2-19", "G-3.3.3-14", probe=arrivals.wrong_addresses)
def test_nobody_is_led_to_unregistered_addresses(judge: Judge) -> None:
    """An address that is not registered is not redirected to."""
    registered, visit = control(judge), way_back(judge, "another place")
    for row in ("G-3.3.2-19", "G-3.3.3-14"):
        _require_not_to(judge, row, visit, visit.uri, "an address that is not registered")
        _remark_elsewhere(judge, row, visit, registered)


@check("G-3.3.3-14", probe=arrivals.wrong_addresses)
def test_nobody_is_led_to_malformed_addresses(judge: Judge) -> None:
    """What is no URI is not redirected to."""
    control(judge)
    visit = way_back(judge, "malformed")
    led = visit.passed(arrivals.MALFORMED)
    seen = f"redirected to {visit.uri!r}, which is malformed"
    judge.require("G-3.3.3-14", not led, seen, visit.first, visit.last)


@check("G-3.3.2-11", probe=arrivals.wrong_addresses)
def test_nobody_is_led_to_relative_addresses(judge: Judge) -> None:
    """A relative address is not redirected to."""
    control(judge)
    visit = way_back(judge, "relative")
    led = visit.passed(arrivals.RELATIVE)
    seen = f"redirected to {visit.uri!r}, which is relative"
    judge.require("G-3.3.2-11", not led, seen, visit.first, visit.last)


@check("G-3.3.2-14", probe=arrivals.wrong_addresses)
def test_nobody_is_led_to_addresses_with_a_fragment(judge: Judge) -> None:
    """A registered address with a fragment after it is not the registered one."""
    registered, visit = control(judge), way_back(judge, "fragment")
    _require_not_to(judge, "G-3.3.2-14", visit, visit.uri, "an address with a fragment")
    _remark_elsewhere(judge, "G-3.3.2-14", visit, registered)


@check("G-3.3.2-20", probe=arrivals.wrong_addresses)
def test_addresses_are_compared_letter_by_letter(judge: Judge) -> None:
    """What only resembles the registered address is not redirected to."""
    registered = control(judge)
    labels = strings_of(judge.fact("variants"))
    for label in labels:
        visit = way_back(judge, label)
        _require_not_to(judge, "G-3.3.2-20", visit, visit.uri, f"variant with {label}")
        _remark_elsewhere(judge, "G-3.3.2-20", visit, registered)


@check("G-3.3.2-18", probe=arrivals.wrong_addresses)
def test_nobody_is_led_to_oauth_redirection_uris(judge: Judge) -> None:
    """A redirection URI of OAuth alone is none for requesting parties."""
    control(judge)
    if not judge.has("OAuth redirection URI"):
        reason = "the client has no OAuth redirection URI"
        judge.leave_row_open("G-3.3.2-18", Outcome.UNTESTED, reason)
        return
    visit = way_back(judge, "OAuth redirection URI")
    _require_not_to(judge, "G-3.3.2-18", visit, visit.uri, "an OAuth redirection URI")


@check("G-3.3.2-04", "G-3.3.3-16", probe=arrivals.wrong_clients)
def test_nobody_is_led_on_behalf_of_unknown_clients(judge: Judge) -> None:
    """Without a client identifier that is known, nobody is redirected."""
    control(judge)
    for label, rows in (
        ("no client", ("G-3.3.2-04", "G-3.3.3-16")),
        ("unknown client", ("G-3.3.3-16",)),
    ):
        visit = way_back(judge, label)
        for row in rows:
            led = visit.to(visit.uri)
            seen = f"{label}: redirected to {led!r}"
            judge.require(row, not led, seen, visit.first, visit.last)


@check("G-3.3.3-13", probe=(arrivals.wrong_addresses, arrivals.wrong_clients))
def test_the_party_is_told_of_the_error(judge: Judge) -> None:
    """Where nobody is redirected, there is a page that says something."""
    for label, probe in (("another place", 0), ("no client", 1), ("unknown client", 1)):
        control(judge, probe=probe)
        visit = way_back(judge, label, probe)
        body = visit.last.response.body if visit.last.response else ""
        if visit.places and not visit.to(visit.uri):
            judge.cant_tell("G-3.3.3-13", f"{label}: {visit.outline}", visit.first, visit.last)
            continue
        told = bool(text_of(body)) and not visit.places
        seen = f"{label}: no page tells of an error; {visit.outline}"
        judge.require("G-3.3.3-13", told, seen, visit.first, visit.last)


@check("G-3.3.3-15", "G-3.3.2-07", "G-3.3.3-14", probe=arrivals.several_addresses)
def test_none_of_several_addresses_is_guessed(judge: Judge) -> None:
    """A client with two addresses has to name one; to go to either of them is reported."""
    control(judge)
    visit = way_back(judge, "no address")
    registered = strings_of(judge.fact("registered"))
    guessed = next((uri for uri in registered if visit.to(uri)), "")
    for row in ("G-3.3.3-15", "G-3.3.2-07"):
        seen = f"no address was named, and {guessed!r} was redirected to"
        judge.require(row, not guessed, seen, visit.first, visit.last)
    led = "" if guessed else _led_away(visit)
    for row in ("G-3.3.3-15", "G-3.3.3-14"):
        seen = f"no address was named, and {led!r} was redirected to"
        judge.require(row, not led, seen, visit.first, visit.last)


@check("G-3.3.2-08", probe=arrivals.no_addresses)
def test_without_any_address_nobody_is_led_away(judge: Judge) -> None:
    """A client without a registered address that names none gets nobody back."""
    control(judge)
    visit = way_back(judge, "no address")
    led = _led_away(visit)
    seen = f"there was no address, and {led!r} was redirected to"
    judge.require("G-3.3.2-08", not led, seen, visit.first, visit.last)


@check("G-3.3.2-16", probe=arrivals.no_addresses)
def test_confidential_clients_have_to_register_addresses(judge: Judge) -> None:
    """The address of a confidential client that registered none is not redirected to."""
    _require_registration(judge, "G-3.3.2-16", "confidential")


@check("G-3.3.2-17", probe=arrivals.no_addresses_of_public_client)
def test_public_clients_have_to_register_addresses(judge: Judge) -> None:
    """The address of a public client that registered none is not redirected to."""
    _require_registration(judge, "G-3.3.2-17", "public")


def _require_registration(judge: Judge, row: str, kind: str) -> None:
    control(judge)
    visit = way_back(judge, "address")
    address = visit.to(visit.uri)
    seen = f"a {kind} client registered no address, and {address!r} was redirected to"
    judge.require(row, not address, seen, visit.first, visit.last)


def _led_away(visit: WayBack) -> str:
    """Return an address outside of the target to which the answer of the visit was taken."""
    for place in visit.places:
        answers = values(place, "ticket") or values(place, "error") or values(place, "state")
        if answers and origin_of(place) != origin_of(visit.last.request.url):
            return place
    return ""
