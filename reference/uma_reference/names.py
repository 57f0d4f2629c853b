"""Names of the specifications that several roles use, and hosts that are this machine."""

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
WELL_KNOWN = "/.well-known/uma2-configuration"
ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"  # noqa: S105 - the name of a format
# The extension of introspection answers that shows permissions as licences.
LICENCE_PROFILE = "https://uma2-conformance.example/profiles/licence"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
