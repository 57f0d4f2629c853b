"""What ends a request with a page that says what is wrong."""


class Problem(Exception):  # noqa: N818 - the name of what it is
    """A request that cannot be answered otherwise; heading and text are for people."""

    def __init__(self, status: int, heading: str, text: str) -> None:
        super().__init__(heading)
        self.status = status
        self.heading = heading
        self.text = text
