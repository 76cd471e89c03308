"""A page as a person reads it."""

import html
import re
from typing import Any

_INVISIBLE = re.compile(r"<(script|style|head)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_INLINE = re.compile(r"</?(a|b|bdi|strong|span|time|code|i|small|del|ins)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def words(response: Any) -> str:
    """What stands on the page, in one line, without tags; what the <main> holds, where there is one."""
    text = response.content.decode()
    main = re.search(r"<main\b.*</main>", text, re.DOTALL)
    return _plain(main[0] if main else text)


def links(response: Any) -> dict[str, str]:
    """The links of the page's <main>: their words, and where they lead."""
    main = re.search(r"<main\b.*</main>", response.content.decode(), re.DOTALL)
    return {_plain(inside): html.unescape(address) for address, inside in _LINK.findall(main[0] if main else "")}


def _plain(markup: str) -> str:
    visible = _INLINE.sub("", _INVISIBLE.sub(" ", markup))
    return " ".join(html.unescape(_TAG.sub(" ", visible)).split())
