"""What drivers have in common: most targets need nothing beside plain requests of UMA."""

from collections.abc import Mapping

from uma_conformance.drivers.protocol import Permission, Policy, Unsupported


class PlainRequests:
    """What a driver answers about a target that takes the requests as the specifications have them.

    A driver of one that wants more answers so itself.
    """

    def token_parameters(self) -> Mapping[str, str]:
        """Return nothing: no extra parameters are needed."""
        return {}

    def denial_parameters(self) -> Mapping[str, str]:
        """Return nothing: policies alone decide between a refusal and a submission."""
        return {}

    def resource_members(self, owner: str) -> Mapping[str, object]:  # noqa: ARG002 - the protocol
        """Return nothing: no extra members are needed."""
        return {}

    def prepared(
        self,
        owner: str,  # noqa: ARG002 - the protocol
        resource_server: str,  # noqa: ARG002 - the protocol
        scopes: frozenset[str],  # noqa: ARG002 - the protocol
        policies: tuple[Policy, ...],  # noqa: ARG002 - the protocol
        taken: frozenset[str],  # noqa: ARG002 - the protocol
    ) -> str:
        """Return nothing: a resource is registered when it is needed."""
        return ""

    def granted_permissions(
        self,
        rpt: str,  # noqa: ARG002 - the protocol
        resource_server: str,
    ) -> tuple[Permission, ...]:
        """Raise `Unsupported`: only introspection shows them."""
        raise Unsupported(f"only introspection shows {resource_server} what an RPT permits")

    def registration_headers(self) -> Mapping[str, str]:
        """Return nothing: registration is open."""
        return {}
