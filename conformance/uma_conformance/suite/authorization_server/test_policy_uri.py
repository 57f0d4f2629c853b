"""Where an owner sets policies for a registered resource (FedAuthz 3.2)."""

import re

from uma_conformance.checks import check
from uma_conformance.judge import Judge
from uma_conformance.probes import registration

# A scheme and something behind it, of the characters that RFC 3986 allows.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)


@check("F-3.2-20", probe=registration.lifecycle, whole_trace=True)
def test_a_policy_uri_is_a_uri(judge: Judge) -> None:
    """Wherever an answer has user_access_policy_uri, it is a URI."""
    name = "user_access_policy_uri"
    created = judge.exchange("create")
    found = [e for e in judge.evidence.at("resource registration") if name in e.members]
    if not found:
        judge.control(created.succeeded, f"a registration: {created.outline}", created)
        judge.inapplicable("F-3.2-20", f"no answer about a resource had {name}")
    for answer in found:
        value = answer.members[name]
        is_uri = isinstance(value, str) and _URI.fullmatch(value) is not None
        judge.require("F-3.2-20", is_uri, f"{name} is {value!r}, a URI expected", answer)
