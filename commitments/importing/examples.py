"""What shows how a table is filled in: two rows to copy, and the names that may stand in it, as they are written."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from commitments.importing import names
from commitments.importing.headings import COLUMNS
from commitments.models import PledgeKind
from meetings.models import Organisation
from meetings.register import Register

LIGHTING, PATROL = "lighting", "patrol"


class Lists(NamedTuple):
    """The names that may stand in a table, those near to an association first, as many as a form offers."""

    kinds: list[str]
    organisations: list[str]
    neighbourhoods: list[str]


def lists(organisation: Organisation, language: str) -> Lists:
    """In a language, each by its name where no other has it, or by its address."""
    known, near = names.Register(organisation), Register(organisation)
    return Lists(
        [known.kinds.written(each, language) for each in known.kinds.by_key.values()],
        [known.organisations.written(each, language) for each in near.organisation_catalogue.offered],
        [known.neighbourhoods.written(each, language) for each in near.neighbourhood_catalogue.offered],
    )


def example(organisation: Organisation, kinds: Iterable[PledgeKind], *, on: date) -> list[list[str]]:
    """Two rows under the headings of a first sheet, in the language of the page: one meeting and its two pledges.

    They name an agency and a neighbourhood that are near, so that they can be copied and tried.
    """
    register = Register(organisation)
    agencies = [each for each in register.organisation_catalogue.offered if each.is_agency]
    places = register.neighbourhood_catalogue.offered
    host = agencies[0].name if agencies else ""
    called = {each.slug: each.name for each in kinds}
    first = {
        "meeting.held_on": _written(on - timedelta(days=30)),
        "meeting.title": _("Meeting on safety in the neighbourhood"),
        "meeting.host": host,
        "meeting.neighbourhoods": places[0].name if places else "",
        "pledge.title": _("Patrols in the evening around the school"),
        "pledge.responsible": host,
        "pledge.kind": called.get(PATROL, ""),
    }
    second = {
        "pledge.title": _("Repair the lamps of the main street"),
        "pledge.responsible": next((each.name for each in agencies if each.kind == Organisation.Kind.COMMUNE), host),
        "pledge.due_on": _written(on + timedelta(days=60)),
        "pledge.kind": called.get(LIGHTING, ""),
    }
    simple = [each.name for each in COLUMNS if each.is_simple]
    return [[row.get(name, "") for name in simple] for row in (first, second)]


def _written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
