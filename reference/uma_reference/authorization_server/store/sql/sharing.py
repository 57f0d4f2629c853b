"""Resources and their policies in tables."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, literal, select

from uma_reference.authorization_server.model import Domain, Policy, Resource
from uma_reference.authorization_server.store.sql.rows import Rows
from uma_reference.authorization_server.store.sql.tables import POLICIES, RESOURCES
from uma_reference.authorization_server.store.sql.values import Key, text_of


class SharingRows(Rows):
    """What owners share, and with whom."""

    def put_resource(self, resource: Resource) -> None:
        """Add a resource or replace the one with the same identifier."""
        values = {
            "id": resource.id,
            "owner": resource.domain.owner,
            "resource_server": resource.domain.resource_server,
            "document": text_of(resource),
        }
        self.put(RESOURCES, ("id",), values)

    def resource(self, resource_id: str) -> Resource | None:
        """Return a resource, whoever owns it."""
        return self.one(
            Resource,
            select(RESOURCES.c.document).where(RESOURCES.c.id == resource_id),
        )

    def delete_resource(self, resource_id: str) -> None:
        """Remove a resource; its policies go along by their foreign key."""
        self.connection.execute(delete(RESOURCES).where(RESOURCES.c.id == resource_id))

    def resources(self, domain: Domain) -> Sequence[Resource]:
        """Return the resources of an owner at a resource server, in order of registration."""
        return self.all(
            Resource,
            select(RESOURCES.c.document)
            .where(RESOURCES.c.owner == domain.owner)
            .where(RESOURCES.c.resource_server == domain.resource_server)
            .order_by(RESOURCES.c.seq),
        )

    def owned(self, owner: str) -> Sequence[Resource]:
        """Return all resources of an owner, those of one resource server in order of registration.

        They are for her eyes; no request of a client or a resource server waits for this.
        """
        found = select(RESOURCES.c.document).where(RESOURCES.c.owner == owner)
        return self.all(Resource, found.order_by(RESOURCES.c.seq))

    def policies(self, resource_id: str) -> Sequence[Policy]:
        """Return the policies of a resource, in the order in which they were set."""
        found = select(POLICIES.c.document).where(POLICIES.c.resource_id == resource_id)
        return self.all(Policy, found.order_by(POLICIES.c.seq))

    def policy(self, policy_id: str) -> Policy | None:
        """Return one policy."""
        return self.one(Policy, select(POLICIES.c.document).where(POLICIES.c.id == policy_id))

    def policies_of(self, owner: str) -> Sequence[Policy]:
        """Return the policies of all resources of an owner, in the order of each resource."""
        found = (
            select(POLICIES.c.document)
            .join(RESOURCES, RESOURCES.c.id == POLICIES.c.resource_id)
            .where(RESOURCES.c.owner == owner)
        )
        return self.all(Policy, found.order_by(RESOURCES.c.seq, POLICIES.c.seq))

    def add_policy(self, policy: Policy) -> None:
        """Add a policy to those of its resource; without the resource there is none."""
        registered = select(
            literal(policy.id, Key), RESOURCES.c.id, literal(text_of(policy))
        ).where(RESOURCES.c.id == policy.resource_id)
        self.connection.execute(
            insert(POLICIES).from_select(["id", "resource_id", "document"], registered)
        )

    def drop_policy(self, policy_id: str) -> None:
        """Remove a policy."""
        self.connection.execute(delete(POLICIES).where(POLICIES.c.id == policy_id))

    def set_policies(self, resource_id: str, policies: Sequence[Policy]) -> None:
        """Replace all policies of a resource at once; without the resource there are none."""
        self.connection.execute(delete(POLICIES).where(POLICIES.c.resource_id == resource_id))
        for policy in policies:
            self.add_policy(policy)
