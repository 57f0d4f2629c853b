"""What can be wrong with a store."""


class StoreError(Exception):
    """A store cannot be opened or used; the message says why and, if anything helps, what to do.

    It holds no password of a database and nothing of what is kept.
    """
