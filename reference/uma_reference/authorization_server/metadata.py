"""The discovery document (Grant 2, FedAuthz 2)."""

from collections.abc import Mapping

from uma_reference.authorization_server.config import Config, Feature
from uma_reference.names import ID_TOKEN_FORMAT, UMA_GRANT


def metadata(config: Config) -> Mapping[str, object]:
    """Return the members of the discovery document."""
    issuer = config.issuer
    refresh = ["refresh_token"] if Feature.REFRESH in config.features else []
    revocation = {"revocation_endpoint": f"{issuer}/revoke"}
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "grant_types_supported": ["client_credentials", UMA_GRANT, *refresh],
        # OAuth metadata wants the member, and there is no authorization endpoint.
        "response_types_supported": ["none"],
        "introspection_endpoint": f"{issuer}/introspect",
        "permission_endpoint": f"{issuer}/perm",
        "resource_registration_endpoint": f"{issuer}/rreg",
        "uma_profiles_supported": [ID_TOKEN_FORMAT],
        **(revocation if Feature.REVOCATION in config.features else {}),
    }
