"""Where the sections of the specifications are published."""

from collections.abc import Mapping

_PAGES: Mapping[str, str] = {
    "grant": "https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-grant-2.0.html",
    "fedauthz": "https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-federated-authz-2.0.html",
}
_ANCHORS: Mapping[str, Mapping[str, str]] = {
    "grant": {
        "1": "introduction",
        "1.2": "roles",
        "1.3": "high-level-flow",
        "1.3.1": "authorization-process",
        "2": "as-config",
        "3": "protocol-flow-details-sec",
        "3.1": "client-attempts-tokenless-access",
        "3.2": "rs-tokenless-response",
        "3.2.1": "permission-success-to-client",
        "3.2.2": "permission-failure-to-client",
        "3.3": "seek-authorization",
        "3.3.1": "uma-grant-type",
        "3.3.2": "claim-redirect",
        "3.3.3": "redirect-back",
        "3.3.4": "authorization-assessment",
        "3.3.5": "give-rpt",
        "3.3.5.1": "rpt-upgrading",
        "3.3.6": "authorization-failure",
        "3.4": "client-rpt-attempt",
        "3.5": "rs-rpt-response",
        "3.6": "refresh",
        "3.7": "token-revocation",
        "4": "profiles",
        "5": "sec-consid",
        "5.1": "csrf",
        "5.2": "sec-consid-exposure",
        "5.3": "pop",
        "5.4": "cred-guessing",
        "5.5": "ticket-management",
        "5.6": "default-deny",
        "5.7": "trust-push",
        "5.8": "trust-considerations",
        "6": "priv-consid",
        "6.1": "ttl",
        "6.2": "rqp-privacy",
        "7": "IANA",
        "8": "Acknowledgments",
    },
    "fedauthz": {
        "1": "introduction",
        "1.2": "abstract-flow",
        "1.3": "api-sec",
        "1.4": "fed-authz",
        "2": "as-config",
        "3": "resource-registration-endpoint",
        "3.1": "resource-set-desc",
        "3.1.1": "scope-desc",
        "3.2": "reg-api",
        "3.2.1": "create-rreg",
        "3.2.2": "read-rreg",
        "3.2.3": "update-resource-set",
        "3.2.4": "delete-rreg",
        "3.2.5": "list-rreg",
        "4": "permission-endpoint",
        "5": "introspection-endpoint",
        "5.1": "token-introspection",
        "5.1.1": "uma-bearer-token-profile",
        "6": "errors",
        "7": "sec-consid",
        "8": "priv-consid",
        "9": "IANA",
        "10": "Acknowledgments",
    },
}


def link_to(spec: str, section: str) -> str:
    """Return the address of a section; of the whole page where it has no anchor of its own."""
    anchor = _ANCHORS[spec].get(section, "")
    return f"{_PAGES[spec]}#{anchor}" if anchor else _PAGES[spec]
