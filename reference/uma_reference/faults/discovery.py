"""Faults of the discovery document (Grant 2, FedAuthz 2)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from uma_reference.authorization_server.config import Config
from uma_reference.authorization_server.metadata import metadata
from uma_reference.authorization_server.rules import Rules
from uma_reference.faults.fault import Fault
from uma_reference.faults.sightings import WSO2
from uma_reference.faults.wire import DISCOVERY, answers
from uma_reference.names import ID_TOKEN_FORMAT


def _document(**changed: object) -> Callable[[Rules], Rules]:
    """Return a change of members of the document; `None` takes a member away."""

    def members(config: Config) -> Mapping[str, object]:
        whole = {**metadata(config), **changed}
        return {name: value for name, value in whole.items() if value is not None}

    return lambda rules: replace(rules, metadata=members)


def _insecure(config: Config) -> Mapping[str, object]:
    secure = metadata(config)
    return {
        **secure,
        "permission_endpoint": str(secure["permission_endpoint"]).replace("https", "http"),
    }


def _slash(config: Config) -> Mapping[str, object]:
    return {**metadata(config), "issuer": f"{config.issuer}/"}


def _elsewhere(config: Config) -> Mapping[str, object]:
    return {**metadata(config), "introspection_endpoint": f"{config.issuer}/moved"}


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "discovery-missing",
            "There is no discovery document.",
            (
                "F-1.5-02",
                "F-2-02",
                "F-2-03",
                "F-2-04",
                "F-5-05",
                "G-2-03",
                "G-2-04",
                "G-2-05",
                "G-2-06",
                "G-2-07",
            ),
            wire=answers(DISCOVERY, lambda r: r.with_status(404).with_json({"error": "not_found"})),
            seen_in=(WSO2,),
        ),
        Fault(
            "discovery-as-text",
            "The document is served as plain text.",
            ("G-2-04",),
            wire=answers(DISCOVERY, lambda r: r.with_header("content-type", "text/plain")),
        ),
        Fault(
            "discovery-null-member",
            "A member without a value is null instead of left out.",
            ("G-2-04",),
            wire=answers(DISCOVERY, lambda r: r.with_member("revocation_endpoint", None)),
        ),
        Fault(
            "discovery-as-array",
            "The document is an array.",
            ("G-2-03",),
            wire=answers(DISCOVERY, lambda r: r.with_json([r.members])),
        ),
        Fault(
            "issuer-with-slash",
            "The issuer differs from the one that was asked for.",
            ("G-2-05",),
            rules=lambda rules: replace(rules, metadata=_slash),
        ),
        Fault(
            "response-types-missing",
            "response_types_supported is left out.",
            ("G-2-06",),
            rules=_document(response_types_supported=None),
        ),
        Fault(
            "permission-endpoint-missing",
            "The permission endpoint is not declared.",
            ("F-1.5-02", "F-2-02"),
            rules=_document(permission_endpoint=None),
        ),
        Fault(
            "registration-endpoint-relative",
            "The resource registration endpoint is a relative reference.",
            ("F-1.3-03", "F-2-03"),
            rules=_document(resource_registration_endpoint="/rreg"),
        ),
        Fault(
            "introspection-not-declared",
            "The introspection endpoint is not declared.",
            ("F-2-04", "F-5-05"),
            rules=_document(introspection_endpoint=None),
        ),
        Fault(
            "introspection-elsewhere",
            "Nothing answers at the declared introspection endpoint.",
            ("F-1.3-08", "F-5.1-01", "F-5.1.1-01", "G-2-01", "G-3.3.5.1-08"),
            rules=lambda rules: replace(rules, metadata=_elsewhere),
        ),
        Fault(
            "permission-endpoint-without-tls",
            "The permission endpoint has an http URI.",
            ("F-1.3-03",),
            rules=lambda rules: replace(rules, metadata=_insecure),
        ),
        Fault(
            "profiles-no-uris",
            "A profile is listed by a name that is no URI.",
            ("G-2-11",),
            rules=_document(uma_profiles_supported=[ID_TOKEN_FORMAT, "id_token"]),
        ),
        Fault(
            "profiles-not-listed",
            "A profile that is supported is not listed.",
            ("G-2-12", "G-3.3.1-26", "G-4-02"),
            rules=_document(uma_profiles_supported=["https://profiles.example/another"]),
        ),
    )
