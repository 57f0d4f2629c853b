"""Products in which a fault was seen, and the release of each in which it was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product that has a fault, and since when that is known: a release or a year, if it is."""

    product: str
    since: str = ""

    @property
    def words(self) -> str:
        """The product and its release in one."""
        return f"{self.product} {self.since}".strip()


KEYCLOAK = Sighting("Keycloak", "26")
JANSSEN = Sighting("Janssen")
WSO2 = Sighting("WSO2 Identity Server with its UMA extension", "2.0.10")
GRAVITEE = Sighting("Gravitee AM", "3.10")
SIMPLE_ID_SERVER = Sighting("SimpleIdServer", "(March 2026)")
