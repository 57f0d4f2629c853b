"""A visit to the claims interaction endpoint, made by somebody at a terminal (Grant 3.3.2)."""

from uma_conformance.drivers.forms import Form, forms_of
from uma_conformance.drivers.manual.terminal import Terminal
from uma_conformance.drivers.protocol import DriverError, Page, Unsupported, UserAgent, Wish

_MOST_PAGES = 12
_WISHES = {
    Wish.GO_ON: "to go on",
    Wish.BE_REMEMBERED: "to go on and be remembered",
    Wish.CANCEL: "to cancel",
}


def visit(terminal: Terminal, party: str, agent: UserAgent, page: Page, wish: Wish) -> Page:
    """Have somebody act as a party, in a browser of her own or on the pages shown here.

    Raise `Unsupported` with what she says instead.
    """
    if page.redirect or page.status != 200:
        return page
    terminal.say(f"\n{party} visits the claims interaction endpoint and wishes {_WISHES[wish]}.")
    terminal.say(f"Do that in a browser of your own at {agent.arrival}")
    answer = terminal.ask(
        "and paste the URL to which you were sent back, or press Enter to fill in the page here, "
        "or say why it cannot be:"
    )
    if "://" in answer:
        return agent.arrived(agent.arrival, answer)
    if answer:
        raise Unsupported(answer)
    for _ in range(_MOST_PAGES):
        forms = forms_of(page.url, page.text)
        if page.redirect or page.status != 200 or not forms:
            return page
        form = forms[_choice(terminal, "form", [form.action for form in forms])]
        page = agent.submit(form.action, _filled(terminal, agent, form))
    raise DriverError(f"the visit of {party} came to no end")


def _filled(terminal: Terminal, agent: UserAgent, form: Form) -> dict[str, str]:
    terminal.say(f"A form of {form.action}:")
    sent = dict(form.fields)
    for name, value in form.fields.items():
        kind = form.kinds[name]
        if kind == "password":
            sent[name] = terminal.ask_secretly(f"  {name}:")
            agent.hide("secret", sent[name])
        elif name in form.boxes:
            ticked = terminal.ask(f"  tick {name}? [y/N]").lower().startswith("y")
            sent[name] = form.boxes[name] if ticked else ""
        elif kind != "hidden":
            sent[name] = terminal.ask(f"  {name} [{value}]:") or value
    kept = {name: value for name, value in sent.items() if value}
    if form.buttons:
        labels = [f"{name} {value}".strip() or "send" for name, value in form.buttons]
        name, value = form.buttons[_choice(terminal, "button", labels)]
        kept |= {name: value} if name else {}
    return kept


def _choice(terminal: Terminal, what: str, labels: list[str]) -> int:
    if len(labels) == 1:
        return 0
    for number, label in enumerate(labels, 1):
        terminal.say(f"  {number}: {label}")
    while True:
        answer = terminal.ask(f"  Which {what}? [1]") or "1"
        if answer.isdecimal() and 1 <= int(answer) <= len(labels):
            return int(answer) - 1
