"""A recorded request as a command that sends it again."""

import shlex

from uma_reports.record import RequestRecord

_MADE_BY_CURL = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "user-agent", "transfer-encoding"}
)


def curl(request: RequestRecord) -> str:
    """Return the request as a `curl` command; redacted values have to be put back by hand."""
    words = ["curl", "--include", "--request", shlex.quote(request.method)]
    lines = [" ".join([*words, shlex.quote(request.url)])]
    lines += [
        f"--header {shlex.quote(f'{name}: {value}')}"
        for name, value in request.headers
        if name.lower() not in _MADE_BY_CURL
    ]
    if request.body:
        lines.append(f"--data-raw {shlex.quote(request.body)}")
    return " \\\n  ".join(lines)
