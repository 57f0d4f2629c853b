"""Pages for people: one look, one set of security headers, forms that no other site can send."""

from uma_reference.web.forms import (
    FORM_TOKEN,
    Browser,
    came_from_elsewhere,
    form_token,
    is_genuine,
    is_ours,
)
from uma_reference.web.pages import Pages

__all__ = [
    "FORM_TOKEN",
    "Browser",
    "Pages",
    "came_from_elsewhere",
    "form_token",
    "is_genuine",
    "is_ours",
]
