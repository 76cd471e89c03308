"""Tags that every page may use: icons, days, links between the three languages, words that people typed."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from meetings.templatetags.icons import ICONS, MIRRORED
from meetings.text import listed

register = template.Library()
register.filter(listed)


class Segment(Protocol):
    """One part of a bar of standings; `x` and `width` are percent of the whole."""

    standing: str
    label: str
    count: int
    x: float
    width: float


RELATIVE_DAYS = 30

# What the agency says was kept and nobody confirmed is hatched (docs/design.md).
HATCHED = frozenset({"kept_unchecked", "kept_disputed"})

DRAWN = {
    name: format_html(
        '<svg class="icon{}" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        " mirrored" if name in MIRRORED else "",
        SafeString(inside),
    )
    for name, inside in ICONS.items()
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing called `name` (icons.py beside this file), hidden from screen readers: its word stands beside it."""
    return DRAWN[name]


@register.simple_tag
def bar_drawing(bar: Sequence[Segment], *, small: bool = False, text: str = "") -> SafeString:
    """The bar of standings as SVG; `small` goes without a legend, so it says in words what it shows, or `text`.

    Drawn here and not in a template since a table has many of them.
    """
    segments = format_html_join(
        "",
        '<svg class="segment" data-standing="{}" x="{}%" width="{}%" height="100%">'
        '<rect width="100%" height="100%"{}/></svg>',
        (
            (
                segment.standing,
                f"{segment.x:.3f}",
                f"{segment.width:.3f}",
                SafeString(' class="hatched" fill="url(#hatch)"') if segment.standing in HATCHED else "",
            )
            for segment in bar
        ),
    )
    if not small:
        return format_html('<svg class="bar" width="100%" height="26" aria-hidden="true">{}</svg>', segments)
    words = text or " · ".join(f"{segment.count} {segment.label}" for segment in bar)
    return format_html(
        '<svg class="bar small" width="100%" height="14" role="img" aria-label="{}">{}</svg>', words, segments
    )


@register.filter(is_safe=True)
def one_line(text: str) -> str:
    """The text of a block as one line, for a title or a link's preview."""
    return " ".join(text.split())


@register.filter
def with_colon(label: object) -> str:
    """A label before what it labels: with a colon, unless it is a question."""
    words = str(label)
    return words if words.endswith(("?", "؟")) else words + pgettext("after a label", ":")


@register.simple_tag
def said(text: str, language: str = "") -> SafeString:
    """Words that somebody typed, in the language they were typed in, isolated from the text around them."""
    if language:
        return format_html('<bdi lang="{}" dir="auto">{}</bdi>', language, text)
    return format_html('<bdi dir="auto">{}</bdi>', text)


@register.simple_tag
def day(value: dt.date | dt.datetime | None, form: str = "DATE_FORMAT") -> SafeString:
    """The day of `value` as a date in words: "9 January 2019"; nothing for no date."""
    if value is None:
        return SafeString("")
    return _time(value, date_format(_local_day(value), form))


@register.simple_tag
def when(value: dt.date | dt.datetime | None, on: dt.date | None = None) -> SafeString:
    """How long before or after `on` (today) `value` is, up to a month; then its date.

    Counted in whole days, so that a page stays true until midnight and may be cached till then.
    """
    if value is None:
        return SafeString("")
    its_day = _local_day(value)
    distance = (its_day - (on or timezone.localdate())).days
    if abs(distance) > RELATIVE_DAYS:
        return _time(value, date_format(its_day, "DATE_FORMAT"))
    return _time(value, _distance_in_words(distance), title=date_format(its_day, "DATE_FORMAT"))


def _distance_in_words(days: int) -> str:
    """`days` from today, as people say it."""
    if days == 0:
        return _("today")
    if days == -1:
        return _("yesterday")
    if days == 1:
        return _("tomorrow")
    if days < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


def _local_day(value: dt.date | dt.datetime) -> dt.date:
    """The day that `value` falls on in the site's time zone."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _time(value: dt.date | dt.datetime, words: str, title: str = "") -> SafeString:
    """`words` marked up as the time `value`, to the second."""
    machine = value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value.isoformat()
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, words)
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.simple_tag(takes_context=True)
def translated_url(context: Context, language: str) -> str:
    """The address of this same page, query included, in `language`: the address alone says the language."""
    request = context.get("request")
    if request is None:
        return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    path: str = request.get_full_path()
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith((f"/{code}/", f"/{code}?")):
            path = "/" + path.removeprefix(f"/{code}").lstrip("/")  # "//x" would lead to another site
            break
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str, *, exact: bool = False) -> SafeString:
    """A link of the navigation, marked when the reader is on its page ("page") or below it ("true")."""
    address = reverse(name)
    request = context.get("request")
    path = request.path if request is not None else ""
    if path == address:
        return format_html('<a href="{}" aria-current="page">{}</a>', address, label)
    if not exact and path.startswith(address):
        return format_html('<a href="{}" aria-current="true">{}</a>', address, label)
    return format_html('<a href="{}">{}</a>', address, label)
