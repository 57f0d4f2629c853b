"""Why a mutant that survives is as good as its original, or is proved otherwise.

A rule names what it is about as narrowly as it can; a survivor that no rule explains is a hole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from uma_conformance.mutants.judging import Mutant

_PROTECTION = r"resource registration|permission|introspection"


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason, with patterns for the mutants that it explains; each has to match as a whole."""

    reason: str
    place: str = ".*"
    change: str = ".*"
    endpoint: str = ".*"
    method: str = ".*"
    status: frozenset[int] = field(default_factory=frozenset[int])
    error: str = ".*"

    def explains(self, mutant: Mutant) -> bool:
        """Tell whether this is why the mutant survives."""
        kind = mutant.kind
        pairs = (
            (self.place, mutant.place),
            (self.change, mutant.change),
            (self.endpoint, kind.endpoint),
            (self.method, kind.method),
            (self.error, kind.error),
        )
        fits = all(re.fullmatch(pattern, text) for pattern, text in pairs)
        return fits and (not self.status or kind.status in self.status)


_OAUTH_METADATA = (
    "authorization_endpoint|authorization_response_iss_parameter_supported|jwks_uri|"
    "code_challenge_methods_supported|grant_types_supported|response_types_supported|"
    "token_endpoint_auth_methods_supported|token_endpoint_auth_signing_alg_values_supported|"
    "revocation_endpoint"
)
RULES: Sequence[Rule] = (
    Rule(
        "free text for developers",
        place=r"/error_description",
        change="drop|alter|empty",
    ),
    Rule("how HTTP carries a body", place=r"header (content-length|date|server|transfer-encoding)"),
    Rule(
        "UMA puts no rule on caching outside of the token endpoint",
        endpoint=r"(?!token$).*",
        place=r"header (cache-control|pragma)",
    ),
    Rule(
        "an error without a ticket has nothing that a cache must not keep",
        endpoint="token",
        error=r"(?!need_info|request_submitted).+",
        place=r"header (cache-control|pragma)",
    ),
    Rule(
        "RFC 6749 wants Pragma with tokens only, and an error may have a ticket",
        endpoint="token",
        error="need_info|request_submitted",
        place="header pragma",
    ),
    Rule(
        "a member of OAuth metadata, on which UMA puts no rule",
        endpoint="discovery",
        place=rf"/({_OAUTH_METADATA})(\[.*)?",
    ),
    Rule(
        "an address: what lives there was measured when it was used",
        endpoint="discovery",
        place=r"/\w+_endpoint",
        change="alter",
    ),
    Rule(
        "clients ignore the body of an answer about a revocation (RFC 7009 section 2.2)",
        endpoint="revocation",
        status=frozenset({200}),
        place=r"body|header content-type",
    ),
    Rule(
        "an optional member of an answer about a resource; the page behind it is not judged",
        endpoint="resource registration",
        place=r"/user_access_policy_uri",
        change="drop|alter",
    ),
    Rule(
        "a secret or an identifier: what it is good for was measured when it was used",
        place=r"/(ticket|access_token|refresh_token|pct|_id)|\[\d\]|parameter ticket",
        change="alter",
    ),
    Rule(
        "an optional member of a token response",
        endpoint="token",
        status=frozenset({200}),
        place=r"/(expires_in|refresh_token|pct)",
        change="drop",
    ),
    Rule(
        "a token type that UMA does not name may be in use",
        endpoint="token",
        status=frozenset({200}),
        place=r"/token_type",
        change="alter",
    ),
    Rule(
        "an optional member of RFC 7662, of whatever value",
        endpoint="introspection",
        status=frozenset({200}),
        place=r"/(client_id|exp|iat|iss|token_type)",
        change="drop|alter|empty",
    ),
    Rule(
        "an optional member of a permission",
        endpoint="introspection",
        status=frozenset({200}),
        place=r"/permissions\[\d\]/(exp|iat|nbf)",
        change="drop",
    ),
    Rule(
        "which scopes an RPT has was measured when it was introspected, and is proved by faults",
        endpoint="introspection",
        status=frozenset({200}),
        place=r"/permissions\[\d\]/resource_scopes\[\d\]",
        change="drop|alter|empty",
    ),
    Rule(
        "hints of need_info are the server's choice, within their form",
        endpoint="token",
        error="need_info",
        place=r"/required_claims.*",
        change="alter|empty|drop",
    ),
    Rule(
        "the body of an error of registration is free (reading A23)",
        endpoint="resource registration",
        status=frozenset({400, 404, 405}),
        place=r"body|header content-type|/error(_description)?",
        change="drop|alter|cut|repeat",
    ),
    Rule(
        "UMA gives no body for a bad PAT (reading A27)",
        endpoint=_PROTECTION,
        status=frozenset({401, 403}),
        place=r"body|header content-type|/error(_description)?",
    ),
    Rule(
        "what else a challenge says is free",
        endpoint=_PROTECTION,
        status=frozenset({401, 403}),
        place=r"header www-authenticate",
        change="alter",
    ),
    Rule(
        "UMA shows the media type of registration answers in examples only",
        endpoint="resource registration",
        method="POST|PUT",
        status=frozenset({200, 201}),
        place=r"header content-type",
    ),
    Rule(
        "where Location leads was measured when it was followed",
        endpoint="resource registration",
        method="POST",
        status=frozenset({201}),
        place=r"header location",
        change="alter",
    ),
    Rule(
        "the probes look for resources that they registered; others of the owner may be missing",
        endpoint="resource registration",
        method="GET",
        status=frozenset({200}),
        place=r"\[\d\]",
        change="drop|empty",
    ),
    Rule(
        "no rule on how translations are given back",
        endpoint="resource registration",
        method="GET",
        status=frozenset({200}),
        place=r"/(name|description)#\w+",
    ),
    Rule(
        "a rule of HTTP, and none of UMA",
        status=frozenset({405}),
        place=r"header allow",
    ),
    Rule(
        "a grant that the server does not know is a matter of RFC 6749",
        endpoint="token",
        error="unsupported_grant_type",
    ),
    Rule(
        "a header that guards a page is the server's choice; UMA names none",
        endpoint="claims interaction",
        place=(
            r"header (x-frame-options|x-content-type-options|referrer-policy|permissions-policy|"
            r"cross-origin-resource-policy|cross-origin-opener-policy|content-security-policy|"
            r"strict-transport-security)"
        ),
    ),
    Rule(
        "how a server knows a browser again, and what kind of page it shows, is its choice",
        endpoint="claims interaction",
        place=r"header (set-cookie|content-type)",
    ),
    Rule(
        "what a page says, and with which status, is free (readings A17, A18)",
        endpoint="claims interaction",
        status=frozenset({200, 400, 403}),
        place="status|body",
    ),
    Rule(
        "how a server leads through its own pages is free",
        endpoint="claims interaction",
        method="GET",
        status=frozenset({303}),
        place="parameter next",
    ),
    Rule(
        "which error code goes back is free (reading A18)",
        endpoint="claims interaction",
        place="parameter error",
        change="alter",
    ),
    Rule(
        "what else stands in the query is free, as long as the client's own parameters are there",
        endpoint="claims interaction",
        place="parameter (kept|also|error)",
        change="repeat",
    ),
    Rule(
        "a declared feature whose address is gone counts as absent, which fails its rows",
        endpoint="discovery",
        place="/registration_endpoint",
        change="drop|retype|empty",
    ),
    Rule(
        "where redirect_user leads was measured when it was followed",
        endpoint="token",
        error="need_info",
        place="/redirect_user",
        change="alter",
    ),
    Rule(
        "what registration answers is a matter of RFC 7591; it was measured by using the client",
        endpoint="client registration",
        status=frozenset({201}),
    ),
    Rule(
        "which error code a malformed request gets is open (reading A24)",
        endpoint="permission",
        error="invalid_request",
        place=r"/error",
        change="alter",
    ),
)


def reason_of(mutant: Mutant) -> str:
    """Return why a mutant is equivalent, or nothing if no rule says so."""
    return next((rule.reason for rule in RULES if rule.explains(mutant)), "")
