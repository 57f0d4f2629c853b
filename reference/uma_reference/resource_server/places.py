"""The URLs of the resource server; owners and documents stand in them as they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """Makes URLs below a base URL."""

    base: str

    def documents(self, owner: str) -> str:
        """Return where an owner's documents are."""
        return f"{self.base}/owners/{owner}/documents"

    def document(self, owner: str, document: str) -> str:
        """Return where a document is; the collection is where all of them are."""
        return f"{self.documents(owner)}/{document}" if document else self.documents(owner)

    def connect(self, owner: str) -> str:
        """Return where an owner begins to connect the server."""
        return f"{self.base}/owners/{owner}/connect"

    @property
    def callback(self) -> str:
        """Where the authorization server sends an owner back to: the redirection URI."""
        return f"{self.base}/connect/callback"

    def document_of(self, owner: str, url: str) -> str | None:
        """Return the identifier of the document at a URL, nothing when it is not of this owner."""
        all_of_them = self.documents(owner)
        if url == all_of_them:
            return ""
        prefix = f"{all_of_them}/"
        return url.removeprefix(prefix) if url.startswith(prefix) else None
