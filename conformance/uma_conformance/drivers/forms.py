"""Reading the forms of a page, as far as a driver has to fill them in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass(slots=True)
class Form:
    """A form: where it goes, the values that it has, and its buttons by name and value.

    `kinds` are the types of its fields, `boxes` the values of boxes when they are ticked.
    """

    action: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    boxes: dict[str, str] = field(default_factory=dict[str, str])
    buttons: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def forms_of(url: str, text: str) -> list[Form]:
    """Return the forms of a page; boxes that are not ticked have no value."""
    parser = _Forms(url)
    parser.feed(text)
    return parser.found


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._url = url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(urljoin(self._url, given.get("action", ""))))
        if not self.found or tag not in {"input", "button"}:
            return
        form, name, value = self.found[-1], given.get("name", ""), given.get("value", "")
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        if kind in {"submit", "button", "image"}:
            form.buttons.append((name, value))
            return
        form.kinds[name] = kind
        if kind in {"checkbox", "radio"}:
            form.boxes.setdefault(name, value or "on")
            if "checked" in given:
                form.fields[name] = value or "on"
            else:
                form.fields.setdefault(name, "")
        elif name:
            form.fields[name] = value
