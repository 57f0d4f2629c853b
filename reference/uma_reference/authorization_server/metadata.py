"""The discovery document (Grant 2, FedAuthz 2)."""

from collections.abc import Mapping

from uma_reference.authorization_server.clients import (
    ALGORITHMS,
    KEY_METHOD,
    PUBLIC,
    SECRET_METHODS,
)
from uma_reference.authorization_server.config import Config, Feature, refreshes
from uma_reference.names import ID_TOKEN_FORMAT, LICENCE_PROFILE, UMA_GRANT

CLAIMS_PATH, JWKS_PATH, REGISTRATION_PATH = "/claims", "/jwks", "/register"


def metadata(config: Config) -> Mapping[str, object]:
    """Return the members of the discovery document."""
    issuer = config.issuer
    refresh = ["refresh_token"] if refreshes(config) else []
    optional = {
        Feature.REVOCATION: {"revocation_endpoint": f"{issuer}/revoke"},
        Feature.INTERACTIVE_CLAIMS: {"claims_interaction_endpoint": f"{issuer}{CLAIMS_PATH}"},
        Feature.DYNAMIC_REGISTRATION: {"registration_endpoint": f"{issuer}{REGISTRATION_PATH}"},
    }
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/token",
        "authorization_endpoint": f"{issuer}/authorize",
        "authorization_response_iss_parameter_supported": True,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [*SECRET_METHODS, KEY_METHOD, PUBLIC],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": ["authorization_code", "client_credentials", UMA_GRANT, *refresh],
        "response_types_supported": ["code"],
        "introspection_endpoint": f"{issuer}/introspect",
        "jwks_uri": f"{issuer}{JWKS_PATH}",
        "permission_endpoint": f"{issuer}/perm",
        "resource_registration_endpoint": f"{issuer}/rreg",
        "uma_profiles_supported": [
            ID_TOKEN_FORMAT,
            *([LICENCE_PROFILE] if config.licences else []),
        ],
        **{
            name: value
            for feature, members in optional.items()
            if feature in config.features
            for name, value in members.items()
        },
    }
