"""The driver `manual`: what the target file does not give, somebody at the terminal brings about.

What was set up is kept in a file, and offered again to later probes and later runs.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from uma_conformance.drivers.declared import Declared, DeclaredDriver, Settings
from uma_conformance.drivers.declared.driver import Waiting
from uma_conformance.drivers.manual.memory import Memory
from uma_conformance.drivers.manual.terminal import StandardTerminal, Terminal
from uma_conformance.drivers.manual.visits import visit
from uma_conformance.drivers.protocol import (
    Page,
    Policy,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.drivers.table.driver import Prepared
from uma_conformance.drivers.words import in_words, listed
from uma_conformance.target import Target

_STATE_FILE = "manual-answers.json"
_DONE = "Press Enter when it is so, or say why it cannot be:"


class ManualDriver(DeclaredDriver):
    """Drives a target by asking somebody to do it."""

    def __init__(
        self, target: Target, declared: Declared, state_file: Path, terminal: Terminal
    ) -> None:
        super().__init__(target, declared)
        self._terminal = terminal
        self._memory = Memory.load(state_file, target.issuer)
        self._confirmed: set[str] = set()
        self._wanted: Prepared | None = None
        self._pasted: dict[tuple[str, str, str], str] = {}

    @classmethod
    def from_target(
        cls,
        target: Target,
        environment: Mapping[str, str] | None = None,
        terminal: Terminal | None = None,
    ) -> "ManualDriver":
        """Make a driver as the target file says; raise `DriverError` that names a wrong key."""
        declared, state_file = Settings(target, environment).read(
            lambda settings: target.folder / settings.root.text("state_file", _STATE_FILE)
        )
        return cls(target, declared, state_file, terminal or StandardTerminal())

    def pat(self, owner: str, resource_server: str) -> str:
        """Return the PAT as the target file says, or ask for it."""
        if (owner, resource_server) in self.declared.pats:
            return super().pat(owner, resource_server)
        return self._paste("a PAT", owner, resource_server)

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Return the token as the target file says, or ask for it."""
        if (owner, resource_server) in self.declared.pats:
            return super().plain_token(owner, resource_server)
        return self._paste("an access token without uma_protection", owner, resource_server)

    def prepared(
        self,
        owner: str,
        resource_server: str,
        scopes: frozenset[str],
        policies: tuple[Policy, ...],
        taken: frozenset[str],
    ) -> str:
        """Return a resource that was set up before, if that is still so."""
        self._refuse_what_cannot_be(_kind(policies))
        for item in tuple(self._memory.resources):
            fits = item.is_as(owner, resource_server, scopes, policies)
            if fits and not item.wears_off and item.id not in taken and self._still(item):
                return item.id
        self._wanted = Prepared("", owner, resource_server, scopes, policies)
        return ""

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Have all policies of a resource replaced."""
        wanted, announced = tuple(policies), self._wanted
        self._wanted = None
        self._memory.forget(resource_id)
        self._terminal.say(
            f"\nAs {owner}, let the policies of the resource {resource_id} be: {in_words(wanted)}."
        )
        self._confirm(_kind(wanted))
        if announced and (announced.owner, announced.policies) == (owner, wanted):
            self._confirmed.add(resource_id)
            self._memory.keep(
                Prepared(*(resource_id, owner, announced.resource_server, announced.scopes, wanted))
            )

    @contextmanager
    def short_lived_tickets(self) -> Generator[TicketExpiry]:
        """Wait as long as the target file says, or have tickets made to expire."""
        if self.declared.ticket_seconds:
            yield Waiting(self.declared.ticket_seconds)
        else:
            yield _Asking(self)

    def expire(self) -> None:
        """Ask to wait, or to move the clock."""
        self._terminal.say("\nLet every permission ticket that was issued until now expire.")
        self._confirm("expiry")

    def pass_time(self, seconds: float) -> None:
        """Wait as the target file allows, or have somebody wait or move the clock."""
        if seconds <= self.declared.longest_wait_seconds:
            super().pass_time(seconds)
        else:
            self._terminal.say(f"\nLet {seconds:g} seconds pass for the target: move its clock.")
            self._confirm("moving the clock")
            self._tokens.forget()

    def _visit(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Have somebody act on the page."""
        self._refuse_what_cannot_be("visits")
        try:
            return visit(self._terminal, party, agent, page, wish)
        except Unsupported as answer:
            self._memory.give_up("visits", str(answer))
            raise

    def settle(self, owner: str, resource_id: str, *, approve: bool) -> None:
        """Have the owner decide."""
        self._memory.forget(resource_id)
        what = "approve" if approve else "deny"
        self._terminal.say(
            f"\nAs {owner}, {what} every request for the resource {resource_id} that waits."
        )
        self._confirm("decisions")

    def _confirm(self, what: str) -> None:
        self._refuse_what_cannot_be(what)
        answer = self._terminal.ask(_DONE)
        if answer:
            self._memory.give_up(what, answer)
            raise Unsupported(answer)

    def _refuse_what_cannot_be(self, what: str) -> None:
        reason = self._memory.cannot.get(what)
        if reason:
            raise Unsupported(f"{reason} (answered before; {self._memory.path.name} keeps it)")

    def _still(self, item: Prepared) -> bool:
        """Tell whether a resource of an earlier run is as it was; ask once."""
        if item.id in self._confirmed:
            return True
        self._terminal.say(
            f"\nThe resource {item.id} of {item.owner} at {item.resource_server} with the scopes "
            f"{listed(item.scopes)} was set up before: {in_words(item.policies)}."
        )
        if self._terminal.ask("Is it still so? [Y/n]").lower().startswith("n"):
            self._memory.forget(item.id)
            return False
        self._confirmed.add(item.id)
        return True

    def _paste(self, what: str, owner: str, resource_server: str) -> str:
        key = (what, owner, resource_server)
        if key not in self._pasted:
            self._refuse_what_cannot_be(what)
            question = f"Paste {what} of {owner} for {resource_server} (Enter: there is none):"
            answer = self._terminal.ask_secretly(question)
            if not answer:
                raise Unsupported(f"nobody has {what} of {owner} for {resource_server}")
            self._pasted[key] = answer
        return self._pasted[key]


@dataclass(frozen=True, slots=True)
class _Asking:
    driver: ManualDriver

    def wait(self) -> None:
        """Return when somebody says that the tickets have expired."""
        self.driver.expire()


def _kind(policies: tuple[Policy, ...]) -> str:
    """Return what a server needs for these policies; what it lacks is asked for once."""
    needs = {
        "withdrawal": not policies,
        "the owner's decision": any(policy.ask for policy in policies),
        "policies for visits": any(policy.by_visit for policy in policies),
        "policies with a second claim": any(policy.also for policy in policies),
    }
    return next((name for name, needed in needs.items() if needed), "policies")
