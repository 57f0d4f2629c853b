"""What a requesting party does on the pages of the reference (Grant 3.3.2)."""

from collections.abc import Mapping

from uma_conformance.drivers.forms import Form, forms_of
from uma_conformance.drivers.protocol import DriverError, Page, UserAgent, Wish

_MOST_PAGES = 4


def visit(  # noqa: PLR0913 - who does what where
    issuer: str,
    party: str,
    password: str,
    agent: UserAgent,
    page: Page,
    wish: Wish,
    states: Mapping[str, str] | None = None,
) -> Page:
    """Sign in if that is asked for, and answer the page of the visit as it is wished.

    `states` is what she states herself, by claim; other fields stay as they are.
    """
    stated = {f"stated.{claim}": value for claim, value in (states or {}).items()}
    agent.hide("secret", password)
    for _ in range(_MOST_PAGES):
        if page.redirect or page.status != 200:
            return page
        forms = {form.action: form for form in forms_of(page.url, page.text)}
        if f"{issuer}/sign-in" in forms:
            form = forms[f"{issuer}/sign-in"]
            page = agent.submit(form.action, {**_sent(form), "name": party, "password": password})
        elif f"{issuer}/claims/visit" in forms:
            form = forms[f"{issuer}/claims/visit"]
            answers = {name: value for name, value in stated.items() if name in form.fields}
            page = agent.submit(form.action, {**_sent(form), **answers, **_wished(wish)})
        else:
            return page
    raise DriverError(f"the visit of {party} came to no end")


def _sent(form: Form) -> dict[str, str]:
    return {name: value for name, value in form.fields.items() if value}


def _wished(wish: Wish) -> dict[str, str]:
    if wish is Wish.CANCEL:
        return {"decision": "cancel"}
    return {"decision": "continue"} | ({"persist": "yes"} if wish is Wish.BE_REMEMBERED else {})
