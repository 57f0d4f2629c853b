"""A Chromium that trusts the target and sends nothing to the addresses of clients."""

import base64
import hashlib
import shutil
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from playwright.sync_api import Browser, Error, sync_playwright

from uma_conformance.drivers.browser.settings import BrowserSettings
from uma_conformance.drivers.protocol import DriverError

_SECONDS = 20.0


def launched(settings: BrowserSettings, stack: ExitStack, flags: Iterable[str]) -> Browser:
    """Start the browser; raise `DriverError` when it does not start."""
    program = shutil.which(settings.executable)
    if program is None:
        raise DriverError(f"browser.executable: there is no program {settings.executable}")
    playwright = stack.enter_context(sync_playwright())
    try:
        browser = playwright.chromium.launch(
            executable_path=program,
            headless=settings.headless,
            args=[*settings.arguments, *flags],
        )
    except Error as error:
        raise DriverError(f"browser.executable: {program} did not start: {error}") from error
    stack.callback(browser.close)
    return browser


def flags_for(issuer: str, verify: ssl.SSLContext, clients: Iterable[str]) -> Iterator[str]:
    """Yield flags that pin the key of the target, and that keep the clients' hosts unknown.

    The key is taken from a connection that is verified as all others are.
    """
    parts = urlsplit(issuer)
    if parts.scheme == "https":
        certificate = _certificate(parts.hostname or "", parts.port or 443, verify)
        public = load_der_x509_certificate(certificate).public_key()
        info = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pin = base64.b64encode(hashlib.sha256(info).digest()).decode()
        yield f"--ignore-certificate-errors-spki-list={pin}"
    places = sorted({urlsplit(uri).netloc for uri in clients} - {parts.netloc, ""})
    if places:
        yield f"--host-resolver-rules={', '.join(f'MAP {place} ~NOTFOUND' for place in places)}"


def _certificate(host: str, port: int, verify: ssl.SSLContext) -> bytes:
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            verify.wrap_socket(plain, server_hostname=host) as stream,
        ):
            return stream.getpeercert(binary_form=True) or b""
    except OSError as error:
        raise DriverError(f"target.issuer: {host}:{port}: {error}") from error
