"""What the authorization server keeps, on one connection within one transaction."""

from sqlalchemy import delete

from uma_reference.authorization_server.store.sql.records import RecordRows
from uma_reference.authorization_server.store.sql.secrets import SecretRows
from uma_reference.authorization_server.store.sql.sharing import SharingRows
from uma_reference.authorization_server.store.sql.tables import COUNTERS, SECRETS


class SqlStore(SharingRows, SecretRows, RecordRows):
    """The store that a unit of work sees. What one statement does is atomic whatever the level."""

    def sweep(self, before: int) -> None:
        """Remove tickets, tokens, handles and counters that ended before a time."""
        self.connection.execute(delete(SECRETS).where(SECRETS.c.expires_at < before))
        self.connection.execute(delete(COUNTERS).where(COUNTERS.c.until < before))
