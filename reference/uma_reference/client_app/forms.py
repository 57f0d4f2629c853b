"""Reading what browsers send."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from uma_reference.client_app.problem import Problem

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


async def read_form(request: Request, limit: int) -> dict[str, str]:
    """Read a form of at most `limit` bytes; raise `Problem`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise Problem(415, "That was no form", "Use the forms of these pages.")
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem(413, "That was too long", f"A form may have {limit} bytes here.")
        chunks.append(chunk)
    try:
        pairs = parse_qsl(
            b"".join(chunks).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Problem(400, "That form cannot be read", "Go back and send it again.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Problem(400, "That form cannot be read", "A field stands there twice.")
    return dict(pairs)
