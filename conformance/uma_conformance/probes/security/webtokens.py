"""JSON Web Tokens as an attacker handles them: read and changed, never signed (RFC 7519)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.jsonvalue import object_of
from uma_conformance.trace import parse_json


@dataclass(frozen=True, slots=True)
class WebToken:
    """The three parts of a compact JWT, and what can be read in the first two."""

    head: str = field(repr=False)
    body: str = field(repr=False)
    signature: str = field(repr=False)
    header: Mapping[str, object] = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)

    @classmethod
    def read(cls, value: str) -> "WebToken | None":
        """Read a compact JWT; return `None` for any other value."""
        parts = value.split(".")
        if len(parts) != 3:
            return None
        head, body, signature = parts
        header, claims = _members(head), _members(body)
        return cls(head, body, signature, header, claims) if "alg" in header and claims else None

    @property
    def is_signed(self) -> bool:
        """Whether it has a signature, and an algorithm for it."""
        return bool(self.signature) and str(self.header.get("alg", "")).lower() != "none"

    def unsigned(self, algorithm: str | None = None) -> str:
        """Return it without its signature, with another algorithm in its header if one is given."""
        header = self.head
        if algorithm is not None:
            kept = {name: value for name, value in self.header.items() if name != "kid"}
            text = json.dumps({**kept, "alg": algorithm}, separators=(",", ":"))
            header = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{header}.{self.body}."

    def telling(self, other: "WebToken") -> str:
        """Return it with the claims of another one, under its own signature."""
        return f"{self.head}.{other.body}.{self.signature}"

    def is_only_for(self, audience: str) -> bool:
        """Tell whether its audience is this one and nobody else."""
        return self.claims.get("aud") in (audience, [audience])


def _members(part: str) -> Mapping[str, object]:
    try:
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, ValueError):
        return {}
    return object_of(parse_json(text))
