"""The driver `hook`: what the target file does not give, a hook server of the vendor brings about.

The protocol is described in docs/drivers.md; its messages are the schemas `hook-…`.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from uma_conformance.drivers.declared import Declared, DeclaredDriver, Settings
from uma_conformance.drivers.declared.driver import Waiting
from uma_conformance.drivers.declared.settings import DeclaredClient
from uma_conformance.drivers.forms import forms_of
from uma_conformance.drivers.hook.calling import PROTOCOL, Caller, HookSettings
from uma_conformance.drivers.protocol import (
    ClaimToken,
    ClientCredentials,
    DriverError,
    Flaw,
    Page,
    Permission,
    Policy,
    Redirects,
    TicketExpiry,
    Unsupported,
    UserAgent,
    Wish,
)
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_conformance.target import Target

_MOST_STEPS = 12


class HookDriver(DeclaredDriver):
    """Drives a target over the hook server that its vendor wrote."""

    def __init__(self, target: Target, declared: Declared, hook: HookSettings) -> None:
        super().__init__(target, declared)
        self._secret = hook.secret
        self._hook = Caller(hook)
        self._clients = dict(declared.clients)

    @classmethod
    def from_target(
        cls, target: Target, environment: Mapping[str, str] | None = None
    ) -> "HookDriver":
        """Make a driver as the target file says; raise `DriverError` that names a wrong key."""
        return cls(target, *Settings(target, environment).read(HookSettings.read))

    def open(self) -> None:
        """Greet the hook server, which may provision now what the target file says is there."""
        message = {"protocol": PROTOCOL, "issuer": self.issuer}
        self._hook.call("open", message, "hook-open-answer")

    def close(self) -> None:
        """Tell the hook server that the run is over."""
        with suppress(DriverError, Unsupported):
            self._hook.call("close", {})
        self._hook.close()
        super().close()

    def secrets(self) -> Iterable[tuple[str, str]]:
        """Yield the secrets of the target file, and the one that the hook server knows."""
        yield from super().secrets()
        yield "secret", self._secret

    def pat(self, owner: str, resource_server: str) -> str:
        """Return the PAT as the target file says, or ask the hook server for it."""
        if (owner, resource_server) in self.declared.pats:
            return super().pat(owner, resource_server)
        return self._ask_for_token("pat", owner, resource_server)

    def plain_token(self, owner: str, resource_server: str) -> str:
        """Return the token as the target file says, or ask the hook server for it."""
        if (owner, resource_server) in self.declared.pats:
            return super().plain_token(owner, resource_server)
        return self._ask_for_token("plain_token", owner, resource_server)

    def set_policy(self, owner: str, resource_id: str, policies: Iterable[Policy]) -> None:
        """Have the hook server replace all policies of a resource."""
        wanted = [
            {
                "scopes": sorted(policy.scopes),
                "party": policy.party,
                "identity": self.identity_of(policy.party),
                "also": dict(policy.also),
                "ask": policy.ask,
                "by_visit": policy.by_visit,
            }
            for policy in policies
        ]
        message = {"owner": owner, "resource_id": resource_id, "policies": wanted}
        self._hook.call("set_policy", message)

    def claim_token(
        self,
        party: str,
        client: str,
        *,
        flaw: Flaw | None = None,
        without: frozenset[str] = frozenset(),
    ) -> ClaimToken:
        """Sign claims as the target file says, or ask the hook server for a claim token."""
        if self.declared.signer is not None or self.declared.claim_tokens:
            return super().claim_token(party, client, flaw=flaw, without=without)
        message: dict[str, object] = {
            "party": party,
            "client": client,
            "client_id": self.client(client).client_id,
            "without": sorted(without),
            **({"flaw": str(flaw)} if flaw else {}),
        }
        answer = self._hook.call("claim_token", message, "hook-claim-token-answer")
        return ClaimToken(str(answer["claim_token"]), str(answer["claim_token_format"]))

    def granted_permissions(self, rpt: str, resource_server: str) -> tuple[Permission, ...]:
        """Ask the hook server, which may read the RPT or look it up."""
        message = {"rpt": rpt, "resource_server": resource_server}
        answer = self._hook.call("granted_permissions", message, "hook-permissions-answer")
        return tuple(
            Permission(str(entry["resource_id"]), frozenset(strings_of(entry["resource_scopes"])))
            for entry in map(object_of, array_of(answer["permissions"]))
        )

    @contextmanager
    def short_lived_tickets(self) -> Generator[TicketExpiry]:
        """Have the hook server make tickets short-lived, and wait or move the clock."""
        if self.declared.ticket_seconds:
            yield Waiting(self.declared.ticket_seconds)
            return
        self.spell("begin")
        try:
            yield _Spell(self)
        finally:
            self.spell("end")

    def spell(self, step: str) -> None:
        """Tell the hook server of a step of a spell; tokens may have expired with the tickets."""
        self._hook.call("short_lived_tickets", {"step": step})
        self._tokens.forget()

    def pass_time(self, seconds: float) -> None:
        """Wait as the target file allows, or have the hook server wait or move the clock."""
        if seconds <= self.declared.longest_wait_seconds:
            super().pass_time(seconds)
        else:
            self._hook.call("pass_time", {"seconds": seconds})
            self._tokens.forget()

    def _visit(self, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
        """Do on each page what the hook server says, until it is done or leads back."""
        for _ in range(_MOST_STEPS):
            if page.redirect or page.status != 200:
                return page
            message = {"party": party, "wish": str(wish), "page": _page(page)}
            step = self._hook.call("act_as", message, "hook-act-as-answer")
            fields = {name: str(value) for name, value in object_of(step.get("fields")).items()}
            for name in strings_of(step.get("secret_fields")):
                agent.hide("secret", fields.get(name, ""))
            match step["do"]:
                case "submit":
                    page = agent.submit(str(step["url"]), fields)
                case "load":
                    page = agent.get(str(step["url"]))
                case _:
                    return page
        raise DriverError(f"driver.url: act_as: the visit of {party} came to no end")

    def settle(self, owner: str, resource_id: str, *, approve: bool) -> None:
        """Have the hook server decide as the owner."""
        self._hook.call("settle", {"owner": owner, "resource_id": resource_id, "approve": approve})

    def _ask_for_token(self, hook: str, owner: str, resource_server: str) -> str:
        message = {"owner": owner, "resource_server": resource_server}
        return str(self._hook.call(hook, message, "hook-token-answer")["access_token"])

    def _client(self, name: str) -> DeclaredClient:
        if name not in self._clients:
            answer = self._hook.call("client", {"client": name}, "hook-client-answer")
            self._clients[name] = DeclaredClient(
                ClientCredentials(str(answer["client_id"]), str(answer.get("client_secret", ""))),
                frozenset(strings_of(answer.get("scopes"))),
                Redirects(
                    tuple(strings_of(answer.get("claims_redirect_uris"))),
                    tuple(strings_of(answer.get("redirect_uris"))),
                ),
            )
        return self._clients[name]


@dataclass(frozen=True, slots=True)
class _Spell:
    driver: HookDriver

    def wait(self) -> None:
        """Have the hook server return when the tickets of the spell have expired."""
        self.driver.spell("wait")


def _page(page: Page) -> dict[str, object]:
    forms = [
        {
            "action": form.action,
            "fields": form.fields,
            "buttons": [{"name": name, "value": value} for name, value in form.buttons],
        }
        for form in forms_of(page.url, page.text)
    ]
    return {"url": page.url, "status": page.status, "text": page.text, "forms": forms}
