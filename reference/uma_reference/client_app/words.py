"""Numbers as people say them."""


def lasting(seconds: int) -> str:
    """Return a time span in seconds, or in minutes rounded up when it is long."""
    if seconds <= 90:
        return counted(seconds, "second")
    return counted(-(-seconds // 60), "minute")


def counted(number: int, what: str) -> str:
    """Return a number of things."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
