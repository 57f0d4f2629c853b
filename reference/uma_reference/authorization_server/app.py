"""The authorization server as a Starlette application."""

from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from uma_reference.authorization_server.claims import FetchedKeys, KeySource
from uma_reference.authorization_server.clock import Clock, Randomness
from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.endpoints import (
    authorize,
    claims_interaction,
    controls,
    discovery,
    grants,
    me,
    owner_api,
    owner_events,
    owner_people,
    owner_requests,
    owner_resources,
    protection,
    registration,
    sign_in,
)
from uma_reference.authorization_server.endpoints.place import Handler, Place
from uma_reference.authorization_server.rate_limit import RateLimit
from uma_reference.authorization_server.rules import Rules
from uma_reference.authorization_server.shell import Shell
from uma_reference.authorization_server.signing import Signer, signer_of
from uma_reference.authorization_server.store import Keeper, Store
from uma_reference.authorization_server.sweeping import Sweeper
from uma_reference.names import LOOPBACK
from uma_reference.web import Pages

_EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app(  # noqa: PLR0913 - every collaborator is given from outside
    config: Config,
    keeper: Keeper,
    clock: Clock,
    randomness: Randomness,
    rules: Rules | None = None,
    keys: KeySource | None = None,
    signer: Signer | None = None,
) -> Starlette:
    """Put an authorization server together from its configuration and collaborators.

    Without a signer it takes the key of the configuration; raise `ConfigError` if that is none.
    """
    address = urlsplit(config.issuer)
    base = address.path
    # On a machine of one's own, HSTS would shut out whatever else is served there.
    strict = address.scheme == "https" and address.hostname not in LOOPBACK
    pages = Pages("uma_reference.authorization_server", "Sharing", base, strict=strict)
    source, decisions, key = (
        keys or FetchedKeys(),
        rules or Rules(),
        signer or signer_of(config.signing_key_file),
    )

    def core_of(store: Store) -> Core:
        return Core(config, store, clock, randomness, source, decisions, pages, key)

    blocking = keeper.blocking or any(item.jwks_uri for item in config.trusted_issuers)
    limit = RateLimit(config.limits.requests)
    shell = Shell(config, keeper, core_of, pages, clock, limit, Sweeper(clock), blocking=blocking)
    methods: dict[str, dict[str, Handler]] = {}
    for place in _places(config):
        methods.setdefault(base + place.path, {})[place.method] = place.handler
    routes = [
        Route(path, partial(shell.dispatch, handlers), methods=_EVERY)
        for path, handlers in methods.items()
    ]
    routes += pages.routes()
    app = Starlette(routes=routes, exception_handlers={HTTPException: shell.unknown_place})
    # A slash too many is an unknown place. Nobody is sent to whatever `Host` names, with a secret.
    app.router.redirect_slashes = False
    return app


def _places(config: Config) -> tuple[Place, ...]:
    return (
        *discovery.places(),
        *grants.places(config),
        *registration.places(config),
        *protection.places(),
        *owner_api.places(config),
        *sign_in.places(),
        *authorize.places(),
        *claims_interaction.places(config),
        *me.places(),
        *owner_resources.places(),
        *owner_people.places(),
        *owner_requests.places(),
        *owner_events.places(),
        *controls.places(config),
    )
