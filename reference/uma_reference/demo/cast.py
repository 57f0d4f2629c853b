"""Who is in the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, with what the authorization server vouches for."""

    id: str
    name: str
    part: str
    claims: Mapping[str, object] = field(default_factory=dict[str, object])
    owner: bool = False


CAST = (
    Person(
        "alice",
        "Alice Rivera",
        "patient; her records are at the clinic and at the lab",
        {"email": "alice@example.com"},
        owner=True,
    ),
    Person(
        "ben",
        "Ben Rivera",
        "her husband; he can connect the lab for records of his own",
        {"email": "ben@example.com"},
        owner=True,
    ),
    Person(
        "osei",
        "Dr Kofi Osei",
        "her doctor; may see the prescription already",
        {"email": "osei@clinic.example", "role": "practitioner", "organisation": "clinic"},
    ),
    Person(
        "dana",
        "Dana Whitlock",
        "insurance agent; may see the prescription if she says which claim it is for",
        {"email": "dana@northshield.example", "organisation": "northshield"},
    ),
)
