"""Deciding whether an RPT is enough, and what the client is told if not (Grant 3.2, 3.5)."""

from collections.abc import Sequence

from uma_reference.clock import Clock
from uma_reference.resource_server.config import Config
from uma_reference.resource_server.enforcing import Need, permits
from uma_reference.resource_server.errors import ApiError, Refusal, Unavailable
from uma_reference.resource_server.model import Document, Registration
from uma_reference.resource_server.protection import ProtectionApi, WantedPermission
from uma_reference.resource_server.registering import Registrar
from uma_reference.resource_server.store import Store
from uma_reference.resource_server.validation import Validator

UNREACHABLE = '199 - "UMA Authorization Server Unreachable"'


class Guard:
    """Lets operations through whose scope the RPT holds, and challenges all others."""

    def __init__(  # noqa: PLR0913 - every collaborator is given from outside
        self,
        config: Config,
        store: Store,
        registrar: Registrar,
        api: ProtectionApi,
        validator: Validator,
        clock: Clock,
    ) -> None:
        self._config = config
        self._store = store
        self._registrar = registrar
        self._api = api
        self._validator = validator
        self._clock = clock

    def check(self, document: Document, scope: str, rpt: str) -> None:
        """Return if an RPT gives a scope of a document; otherwise raise the error to answer with.

        Without a valid RPT, and with one that is not enough, that is a challenge with a fresh
        ticket (Grant 3.2.1, 3.5); without a ticket it is the warning of Grant 3.2.2.
        """
        try:
            registration = self._registrar.registered(document)
            if rpt and self._permits(registration, scope, rpt):
                return
            ticket = self._ticket(document, scope)
        except (Unavailable, Refusal) as error:
            raise _unreachable() from error
        raise _challenge(self._config, ticket)

    def _permits(self, registration: Registration, scope: str, rpt: str) -> bool:
        need = Need(
            registration.resource_id,
            scope,
            self._config.issuer,
            self._clock.now(),
            self._config.skew_seconds,
        )
        try:
            found = self._validator.state(registration.owner, rpt)
            if not permits(found.state, need) and found.remembered:
                # Perhaps it was upgraded; a remembered answer keeps nobody out.
                found = self._validator.state(registration.owner, rpt, anew=True)
        except Unavailable:
            return False
        return permits(found.state, need)

    def _ticket(self, document: Document, scope: str) -> str:
        """Ask for a ticket; once more after mending what the authorization server complains of."""
        wanted = self._wanted(document, scope)
        try:
            return self._api.ticket(document.owner, wanted)
        except Refusal as error:
            match error.error:
                case "invalid_resource_id":
                    self._registrar.begin_again(document.owner)
                    if self._wanted(document, scope) == wanted:
                        self._registrar.lost(document, wanted[0].resource_id)
                case "invalid_scope":
                    for item in (document, *self._related(document)):
                        self._registrar.described_again(item)
                case _:
                    raise
        return self._api.ticket(document.owner, self._wanted(document, scope))

    def _wanted(self, document: Document, scope: str) -> Sequence[WantedPermission]:
        """Return what a permission request holds, by the pattern of the document (FedAuthz 4)."""
        found: list[WantedPermission] = []
        for item in (document, *self._related(document)):
            match document.description.ask_for or self._config.ask_for:
                case "all":
                    scopes = item.description.scopes
                case "none":
                    scopes = ()
                case _:
                    scopes = (scope,)
            registration = self._registrar.registered(item)
            known = tuple(name for name in scopes if name in item.description.scopes)
            if known or not scopes:
                found.append(WantedPermission(registration.resource_id, known))
        return found

    def _related(self, document: Document) -> Sequence[Document]:
        found = [
            self._store.document(document.owner, name)
            for name in dict.fromkeys(document.description.related)
            if name != document.id
        ]
        return [item for item in found if item is not None]


def _challenge(config: Config, ticket: str) -> ApiError:
    parts = {"realm": config.realm, "as_uri": config.issuer, "ticket": _quoted(ticket)}
    value = ", ".join(f'{name}="{part}"' for name, part in parts.items())
    hint = "get an RPT with this ticket, and come again"
    return ApiError(401, "unauthorized", hint, {"www-authenticate": f"UMA {value}"})


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _unreachable() -> ApiError:
    hint = "there is no permission ticket to be had from the authorization server; try later"
    return ApiError(403, "authorization_server_unreachable", hint, {"warning": UNREACHABLE})
