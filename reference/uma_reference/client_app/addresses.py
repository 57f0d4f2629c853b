"""Which addresses people may open, and how origins look to them."""

from urllib.parse import urlsplit

from uma_reference.client.urls import origin_of, problem_of
from uma_reference.client_app.config import Config

_STANDARD = {"https": ":443", "http": ":80"}


def problem_with(address: str, config: Config) -> str:
    """Say in a sentence why an address cannot be opened; empty when it can."""
    if not address:
        return "Type the address of a document."
    problem = problem_of(address, http_on_loopback=config.http_on_loopback)
    if problem:
        return f"This address cannot be opened: {problem}."
    if origin_of(address) not in config.resource_servers:
        known = ", ".join(shown_origin(item) for item in config.resource_servers)
        return f"This application opens documents of {known} only."
    return ""


def shown_origin(origin: str) -> str:
    """Return an origin as people write it."""
    return origin.removesuffix(_STANDARD.get(urlsplit(origin).scheme, ""))


def host_of(url: str) -> str:
    """Return host and port of a URL."""
    return urlsplit(url).netloc
