"""The nouns of the authorization server: what its store keeps and its decisions work on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from uma_reference.authorization_server.documents import elements_of

PROTECTION_SCOPE = "uma_protection"
# The issuer of what a requesting party states herself; a condition has to name it to accept that.
SELF_ASSERTED = "self"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a PAT stands for: a resource owner at a resource server (FedAuthz 1.3)."""

    owner: str
    resource_server: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A registered resource: its description as it was sent, without `_id` (FedAuthz 3.1)."""

    id: str
    domain: Domain
    description: Mapping[str, object]

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes available on the resource."""
        scopes = elements_of(self.description.get("resource_scopes")) or ()
        return frozenset(str(scope) for scope in scopes)


@dataclass(frozen=True, slots=True)
class Permission:
    """A resource with some scopes: requested in a ticket, or granted in an RPT (FedAuthz 1.5.1).

    A granted one may end before its token (`expires_at`, 0 for no end of its own), and names the
    policies that it rests on; without names it rests on nothing that could be withdrawn.
    """

    resource_id: str
    scopes: frozenset[str]
    expires_at: int = 0
    policies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """A claim that has to have one of some values, from one issuer or any trusted one."""

    claim: str
    values: frozenset[str]
    issuer: str = ""
    friendly_name: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Policy conditions of an owner: all of them have to hold for the scopes to be granted.

    Without conditions it grants to anyone, which has to be said by `anyone` (Grant 5.6). With `ask`
    it grants nothing by itself: the owner is asked (`request_submitted`, Grant 3.3.6). At
    `expires_at` it ends; 0 is never.
    """

    id: str
    resource_id: str
    scopes: frozenset[str]
    conditions: tuple[Condition, ...] = ()
    anyone: bool = False
    ask: bool = False
    expires_at: int = 0

    def operative(self, now: int) -> bool:
        """Tell whether the policy has not ended yet."""
        return self.expires_at == 0 or self.expires_at > now


@dataclass(frozen=True, slots=True)
class Claims:
    """Verified claims of a requesting party from one issuer; empty when nothing was pushed.

    `further` holds what other issuers said earlier in the same authorization process.
    """

    issuer: str = ""
    values: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    further: tuple["Claims", ...] = ()

    @property
    def each(self) -> tuple["Claims", ...]:
        """The claims of every issuer."""
        return (self, *self.further)

    def added_to(self, earlier: "Claims") -> "Claims":
        """Return these claims with the earlier ones of other issuers."""
        mine = {"", *(item.issuer for item in self.each)}
        kept = (replace(item, further=()) for item in earlier.each if item.issuer not in mine)
        return replace(self, further=(*self.further, *kept))

    def joined(self, earlier: "Claims") -> "Claims":
        """Return these claims with those of an earlier process; what is newer counts."""
        if self.values:
            return self.added_to(earlier)
        mine = {item.issuer for item in self.further}
        kept = (item for item in earlier.further if item.issuer not in mine)
        return replace(earlier, further=(*kept, *self.further))

    def with_stated(self, values: Mapping[str, object]) -> "Claims":
        """Return these claims with what the requesting party states herself, if anything."""
        if not values:
            return self
        stated: Mapping[str, object] = self.stated.values if self.stated else {}
        rest = tuple(item for item in self.further if item.issuer != SELF_ASSERTED)
        return replace(self, further=(*rest, Claims(SELF_ASSERTED, {**stated, **values})))

    @property
    def stated(self) -> "Claims | None":
        """What the requesting party stated herself."""
        return next((item for item in self.each if item.issuer == SELF_ASSERTED), None)

    @property
    def vouched(self) -> "Claims":
        """These claims without what the requesting party stated herself."""
        rest = tuple(item for item in self.further if item.issuer != SELF_ASSERTED)
        return replace(self, further=rest)

    @property
    def identities(self) -> tuple[tuple[str, str], ...]:
        """Return issuer and subject, for each issuer that says who the requesting party is."""
        named = [(item.issuer, item.values.get("sub")) for item in self.vouched.each]
        return tuple((issuer, sub) for issuer, sub in named if isinstance(sub, str) and sub)

    @property
    def subject(self) -> str:
        """Who the requesting party is, as far as the claims tell."""
        return f"{self.issuer} {self.values.get('sub', '')}" if self.values else ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A permission ticket; `client` is empty until the process is tied to one (Grant 1.3).

    `request` is the owner's decision that the client polls for (Grant 3.3.6). `persist` tells
    whether the claims may be kept for a PCT (Grant 3.3.3).
    """

    value: str = field(repr=False)
    domain: Domain
    permissions: tuple[Permission, ...]
    expires_at: int
    client: str = ""
    claims: Claims = field(default_factory=Claims)
    request: str = ""
    persist: bool = True


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token: a PAT has a scope, an RPT has permissions, a plain one has neither.

    Tokens of one `grant` end together (RFC 7009 section 2.1).
    """

    value: str = field(repr=False)
    client: str
    domain: Domain | None
    issued_at: int
    expires_at: int
    scope: frozenset[str] = frozenset()
    permissions: tuple[Permission, ...] | None = None
    party: str = ""
    grant: str = ""
