"""What the parts of the authorization server share."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.claims import KeySource
from uma_reference.authorization_server.clients import Client
from uma_reference.authorization_server.clock import Clock, Randomness
from uma_reference.authorization_server.config import Config, Feature
from uma_reference.authorization_server.model import AccessToken, Domain
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.signing import Signer
from uma_reference.authorization_server.store import Store
from uma_reference.passwords import verify_password
from uma_reference.web import Pages


@dataclass(frozen=True, slots=True)
class Core:
    """The server's configuration, its collaborators and its rules."""

    config: Config
    store: Store
    clock: Clock
    randomness: Randomness
    keys: KeySource
    rules: Rules
    pages: Pages
    signer: Signer

    def client(self, client_id: str) -> Client | None:
        """Return a client, configured or registered."""
        return self.config.clients.get(client_id) or self.store.client(client_id)

    def account(self, name: str, password: str) -> Account | None:
        """Return a person if her password is right; who is unknown takes no less time."""
        found = self.config.accounts.get(name)
        right = found is not None and found.has_password(password)
        if self.config.hashes_passwords and not (found and found.password_hash):
            verify_password(password, "")
        return found if right else None

    @property
    def origin(self) -> str:
        """The origin of the server's pages."""
        parts = urlsplit(self.config.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base(self) -> str:
        """The path below which the server lives, empty at the root."""
        return urlsplit(self.config.issuer).path

    def has(self, feature: Feature) -> bool:
        """Tell whether an optional feature is switched on."""
        return feature in self.config.features

    def issue(  # noqa: PLR0913 - a token has these parts
        self,
        value: str,
        client: Client,
        domain: Domain | None,
        seconds: int,
        *,
        scope: frozenset[str],
        grant: str = "",
    ) -> AccessToken:
        """Issue an access token that is no RPT, and keep it."""
        now = self.clock.now()
        token = AccessToken(value, client.id, domain, now, now + seconds, scope=scope, grant=grant)
        self.store.put_token(token)
        return token
