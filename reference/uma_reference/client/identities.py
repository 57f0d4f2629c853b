"""Who the client is at each authorization server: given, kept, or registered now."""

from uma_reference.client.events import Observer, event
from uma_reference.client.flow import Options
from uma_reference.client.holdings import Credentials
from uma_reference.client.messages import NoAnswer
from uma_reference.client.metadata import ServerMetadata
from uma_reference.client.registration import (
    NotRegistered,
    read_registration,
    registration_request,
)
from uma_reference.client.steps import Identity, NoIdentity
from uma_reference.client.transport import Sender
from uma_reference.client.wallet import Wallet

_ANSWER_BYTES = 1 << 20


class Identities:
    """Finds the client's credentials for a server and the PCT that it holds there."""

    def __init__(  # noqa: PLR0913 - every collaborator is given from outside
        self,
        sender: Sender,
        wallet: Wallet,
        options: Options,
        given: Credentials | None,
        client_name: str,
        observer: Observer,
    ) -> None:
        self._sender = sender
        self._wallet = wallet
        self._options = options
        self._given = given
        self._name = client_name
        self._observer = observer

    def credentials(self, issuer: str) -> Credentials | None:
        """Return the credentials for a server; given ones with an issuer are for it alone."""
        if self._given is not None:
            return self._given if self._given.issuer in {"", issuer} else None
        return next((item for item in self._wallet.read().clients if item.issuer == issuer), None)

    def find(self, metadata: ServerMetadata, party: str, now: int) -> Identity | NoIdentity:
        """Return who the client is, registering it when nobody has done that (RFC 7591)."""
        if self._given is not None and self.credentials(metadata.issuer) is None:
            why = f"the client's credentials are for {self._given.issuer}, not for"
            return NoIdentity(f"{why} {metadata.issuer}, which the resource server names")
        found = self.credentials(metadata.issuer)
        if found is None or (self._given is None and not self._still_good(found, now)):
            registered = self._register(metadata)
            if isinstance(registered, NoIdentity):
                return registered
            found = registered
        key = (metadata.issuer, found.client_id, party)
        pct = next(
            (
                item.value
                for item in self._wallet.read().pcts
                if (item.issuer, item.client_id, item.party) == key
            ),
            "",
        )
        return Identity(found.client_id, pct)

    def _still_good(self, found: Credentials, now: int) -> bool:
        uri = self._options.claims_redirect_uri
        alive = not 0 < found.expires_at <= now
        return alive and (not uri or uri in found.claims_redirect_uris)

    def _register(self, metadata: ServerMetadata) -> Credentials | NoIdentity:
        if not metadata.registration_endpoint:
            why = f"{metadata.issuer} registers no clients by itself; give a client_id for it"
            return NoIdentity(why)
        request = registration_request(metadata, self._name, self._options)
        answer = self._sender.send(request, _ANSWER_BYTES)
        if isinstance(answer, NoAnswer):
            why = f"the registration endpoint cannot be reached: {answer.why}"
            return NoIdentity(why, passing=True)
        try:
            client = read_registration(answer, metadata.issuer, self._options)
        except NotRegistered as error:
            return NoIdentity(f"{metadata.issuer} does not register this client: {error}")
        self._wallet.change(lambda held: held.with_client(client))
        title = "The client is registered there now, as {client_id}."
        self._observer(event(title, client_id=client.client_id))
        return client
