"""Probes of what an attacker's page can do at the claims interaction endpoint (Grant 5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.actors.metadata import Blocked
from uma_conformance.actors.user_agent import Seen, UserAgent
from uma_conformance.drivers.protocol import CLIENT, OTHER_CLIENT, OTHER_PARTY, PARTY, Policy, Wish
from uma_conformance.outcome import Outcome
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.visiting import (
    VIEW,
    address,
    arrive,
    claims_redirects,
    link,
    ticket_of,
    visit,
)

# Nobody sends OTHER_PARTY to OTHER_CLIENT elsewhere, so that no consent to it can be remembered.
VICTIM, ATTACKER, MALICIOUS = OTHER_PARTY, PARTY, OTHER_CLIENT


@dataclass(frozen=True, slots=True)
class Action:
    """What a driver did on a page: a form that it sent, or, without fields, an address."""

    url: str
    fields: Mapping[str, str] | None = field(repr=False)


class Withheld(Exception):  # noqa: N818 - no error: it ends a visit before its last action
    """The action before which a visit was to stop."""

    def __init__(self, action: Action) -> None:
        super().__init__("the visit was stopped")
        self.action = action


@dataclass(slots=True)
class Watched:
    """A browser whose actions are kept, and that stops before one of them."""

    browser: UserAgent
    stop_before: int = -1
    actions: list[Action] = field(default_factory=list[Action])

    def get(self, url: str) -> Seen:
        """Load a page, unless it is the action to stop before."""
        self._note(Action(url, None))
        return self.browser.get(url)

    def submit(self, url: str, fields: Mapping[str, str]) -> Seen:
        """Send a form, unless it is the action to stop before."""
        self._note(Action(url, dict(fields)))
        return self.browser.submit(url, fields)

    def hide(self, kind: str, value: str) -> None:
        """Keep a value out of the recording."""
        self.browser.hide(kind, value)

    @property
    def arrival(self) -> str:
        """The address that was loaded first."""
        return self.browser.arrival

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies of the target, by name."""
        return self.browser.cookies

    def adopt(self, name: str, value: str, same_site: str) -> None:
        """Take over a cookie of a browser elsewhere."""
        self.browser.adopt(name, value, same_site)

    def arrived(self, at: str, url: str, status: int | None = None) -> Seen:
        """Record how a visit in a browser elsewhere ended; what was done there is not seen."""
        return self.browser.arrived(at, url, status)

    def _note(self, action: Action) -> None:
        if len(self.actions) == self.stop_before:
            raise Withheld(action)
        self.actions.append(action)


@probe
def lured(scene: Scene) -> None:
    """Lead a party who is signed in to the claims page from an attacker's page."""
    resource, browser = _signed_in(scene)
    to = link(scene, resource, MALICIOUS)
    end = browser.lured(address(scene, to, MALICIOUS), None, "lured")
    _use(scene, "lured used", ticket_of(end))
    _control(scene, resource)


@probe
def forged(scene: Scene) -> None:
    """Send the form of the claims page from an attacker's page, in a browser of another party."""
    first = _attack(scene, -1)
    if not first.actions:
        raise Blocked(Outcome.UNTESTED, "the driver does nothing on the claims page")
    try:
        _attack(scene, len(first.actions) - 1)
    except Withheld as stop:
        last = stop.action
    else:
        raise Blocked(Outcome.CANT_TELL, "two visits of the same party differed")
    resource, browser = _signed_in(scene)
    for label, action in (
        ("forged from another session", last),
        ("forged without its values", _constant(first.actions[-1], last)),
    ):
        to = link(scene, resource, MALICIOUS)
        browser.lured(address(scene, to, MALICIOUS), None)
        end = browser.lured(action.url, action.fields, label, "Send a form from an attacker's page")
        _use(scene, f"{label}, used", ticket_of(end))
    _control(scene, resource)


def _victims_resource(scene: Scene) -> str:
    return scene.register(policies=[Policy(VIEW, VICTIM, by_visit=True)])


def _signed_in(scene: Scene) -> tuple[str, UserAgent]:
    """Return a resource for the victim, and her browser after a visit for another client."""
    claims_redirects(scene, CLIENT)
    claims_redirects(scene, MALICIOUS)
    resource, browser = _victims_resource(scene), scene.user_agent()
    visit(scene, "signing in", link(scene, resource), party=VICTIM, agent=browser)
    if browser.elsewhere:
        raise Blocked(Outcome.UNTESTED, "the cookies of the browser of this visit are not known")
    return resource, browser


def _attack(scene: Scene, stop_before: int) -> Watched:
    """Let the attacker visit by himself, with the client that he controls."""
    resource = _victims_resource(scene)
    to = link(scene, resource, MALICIOUS)
    browser = scene.user_agent()
    watched = Watched(browser, stop_before)
    page = arrive(scene, "", to, client=MALICIOUS, agent=browser)
    scene.driver.act_as(ATTACKER, watched, page, Wish.GO_ON)
    return watched


def _constant(one: Action, other: Action) -> Action:
    """Return an action with only those values that are the same at each visit."""
    if other.fields is None or one.fields is None:
        return other
    kept = {name: value for name, value in other.fields.items() if one.fields.get(name) == value}
    return Action(other.url, kept)


def _use(scene: Scene, label: str, ticket: str) -> None:
    if ticket:
        scene.client(MALICIOUS).request_rpt(ticket, label=label)


def _control(scene: Scene, resource: str) -> None:
    """Let the victim do by herself what the attacker tried."""
    to = link(scene, resource, MALICIOUS)
    end = visit(scene, "control", to, client=MALICIOUS, party=VICTIM)
    _use(scene, "control used", ticket_of(end))
