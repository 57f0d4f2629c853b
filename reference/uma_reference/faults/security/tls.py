"""Faults of what is agreed to under TLS (RFC 9325). They need connections to be seen."""

import ssl
import warnings
from collections.abc import Callable

from uma_reference.faults.fault import Fault

_ANYTHING = "@SECLEVEL=0"


def _versions(
    lowest: ssl.TLSVersion, highest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
) -> Callable[[ssl.SSLContext], None]:
    def configure(context: ssl.SSLContext) -> None:
        context.set_ciphers(f"DEFAULT:{_ANYTHING}")
        with warnings.catch_warnings():
            # Python says, rightly, that these versions are deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = lowest
            context.maximum_version = highest

    return configure


def _suites(names: str) -> Callable[[ssl.SSLContext], None]:
    return lambda context: context.set_ciphers(f"{names}:DEFAULT:{_ANYTHING}")


def faults() -> tuple[Fault, ...]:
    """Return the faults of this module."""
    return (
        Fault(
            "tls-old-versions",
            "TLS 1.0 and 1.1 are agreed to.",
            ("SEC-TLS-01",),
            tls=_versions(ssl.TLSVersion.TLSv1),
        ),
        Fault(
            "tls-old-versions-only",
            "Nothing newer than TLS 1.1 is agreed to.",
            ("SEC-TLS-01", "SEC-TLS-02", "SEC-TLS-03"),
            tls=_versions(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1),
        ),
        Fault(
            "tls-without-newest",
            "TLS 1.3 is not agreed to.",
            ("SEC-TLS-03",),
            tls=_versions(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2),
        ),
        Fault(
            "tls-without-encryption",
            "A cipher suite without encryption is agreed to.",
            ("SEC-TLS-04",),
            tls=_suites("eNULL"),
        ),
        Fault(
            "tls-without-authentication",
            "A cipher suite without authentication is agreed to.",
            ("SEC-TLS-04",),
            tls=_suites("aNULL"),
        ),
    )
