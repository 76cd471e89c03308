"""Tags for what was recorded in one language and may be read in another, and as exactly as it is known."""

import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meetings.models import Translated
from meetings.templatetags.site import said

register = template.Library()

_FORMS = {"%Y": "Y", "%Y-%m": "YEAR_MONTH_FORMAT", "%Y-%m-%d": "DATE_FORMAT"}


@register.simple_tag
def recorded(subject: Translated, field: str) -> SafeString:
    """A text of the record as the page's reader can read it best: in its language, or as it was written down."""
    text = subject.said(field)
    return said(text.text, text.language) if text.text else SafeString("")


@register.simple_tag
def known_day(value: str) -> SafeString:
    """A year, a month or a day ("2019", "2019-01", "2019-01-12") in words, as exactly as it is known."""
    for pattern, form in _FORMS.items():
        try:
            moment = dt.datetime.strptime(value, pattern)  # noqa: DTZ007 - a civil day, in no time zone
        except ValueError:
            continue
        return format_html('<time datetime="{}">{}</time>', value, date_format(moment.date(), form))
    return SafeString("")
