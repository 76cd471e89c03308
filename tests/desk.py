"""Signing in, and filling in forms as a browser would: from what stands in the page."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User

Sent = dict[str, Any]


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


class _Forms(HTMLParser):
    """The fields of every form of a page, by the form's address."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Sent] = {}
        self._fields: Sent = {}
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        name = named.get("name", "")
        if tag == "form":
            self._fields = self.forms.setdefault(named.get("action", ""), {})
        elif tag == "input" and named.get("type") in {"checkbox", "radio"}:
            if "checked" in named:
                self._fields.setdefault(name, []).append(named.get("value", "on"))
        elif tag == "input" and named.get("type") == "hidden" and name in self._fields:  # several days that were ticked
            known = self._fields[name]
            self._fields[name] = [*(known if isinstance(known, list) else [known]), named.get("value", "")]
        elif tag == "input" and name:
            self._fields[name] = named.get("value", "")
        elif tag == "select":
            self._select = name
            self._fields[name] = ""
        elif tag == "option" and "selected" in named:
            self._fields[self._select] = named.get("value", "")
        elif tag == "textarea":
            self._textarea, self._text = name, []

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._fields[self._textarea] = "".join(self._text).removeprefix("\n")
            self._textarea = ""


def form_in(response: Any, action: str = "") -> Sent:
    """What a browser would send from the form with this address, untouched."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.forms[action]


def send(client: Client, address: str, sent: Sent, **changes: Any) -> HttpResponse:
    """Send a form with changes; a name such as `pledges_0_title` stands for `pledges-0-title`."""
    response: Any = client.post(address, sent | {name: value for name, value in changes.items() if value is not None})
    return response  # type: ignore[no-any-return]  # the test client's own class
