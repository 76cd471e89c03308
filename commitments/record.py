"""The pledge as the ledger keeps it: which fields of the record are said, and how they are written."""

from typing import Any

from commitments.models import Pledge
from meetings.record import slug_of, text_of

# What may be corrected after publication, by its field on the model.
CORRECTABLE = (
    "title", "details", "kind", "responsible", "said_by", "neighbourhoods", "place", "concerns", "beneficiaries",
    "provenance", "sign", "sign_from", "timing", "due_on", "due_words", "rule", "windows", "starts_on", "ends_on",
    "pauses", "is_place_restricted", "is_time_restricted",
)  # fmt: skip
# What a moderator may take away: text that people typed, never the facts that the state is folded from.
REDACTABLE = (
    "text",
    "reason",
    "title",
    "details",
    "place",
    "beneficiaries",
    "provenance",
    "sign",
    "due_words",
    "translations",
)

# Where and when a patrol will be is not announced: what a restricted pledge keeps from the public.
RESTRICTED_PLACE = ("place",)
RESTRICTED_TIME = ("rule", "windows", "pauses", "due_words")


def pledge_fields(pledge: Pledge) -> dict[str, Any]:
    """Every field of a pledge's record."""
    return {
        "meeting": pledge.meeting_id,
        "number": pledge.number,
        "title": pledge.title,
        "details": pledge.details,
        "kind": pledge.kind.slug if pledge.kind else "",
        "responsible": slug_of(pledge.responsible),
        "partners": sorted(each.slug for each in pledge.partners.all()),
        "said_by": pledge.said_by.number if pledge.said_by else None,
        "neighbourhoods": sorted(each.slug for each in pledge.neighbourhoods.all()),
        "place": pledge.place,
        "concerns": sorted(each.number for each in pledge.concerns.all()),
        "beneficiaries": pledge.beneficiaries,
        "provenance": pledge.provenance,
        "sign": pledge.sign,
        "sign_from": pledge.sign_from,
        "timing": pledge.timing,
        "due_on": text_of(pledge.due_on),
        "due_words": pledge.due_words,
        "rule": pledge.rule,
        "windows": pledge.windows,
        "starts_on": text_of(pledge.starts_on),
        "ends_on": text_of(pledge.ends_on),
        "pauses": pledge.pauses,
        "is_place_restricted": pledge.is_place_restricted,
        "is_time_restricted": pledge.is_time_restricted,
        "translations": pledge.translations,
    }


def pledge_names(pledge: Pledge) -> dict[str, Any]:
    """The names, on the day of publication, of what the record names by its public id."""
    named = [each for each in (pledge.responsible, *pledge.partners.all()) if each is not None]
    return {each.slug: each.names() for each in (*named, *pledge.neighbourhoods.all())}


def restricted_fields(pledge: Pledge) -> dict[str, None]:
    """The fields that the public does not see (DESIGN section 5), for `ledger.append(sealed=…)`.

    Translations are one field: they are sealed together where one of them repeats a sealed text.
    """
    names = [*RESTRICTED_PLACE] * pledge.is_place_restricted + [*RESTRICTED_TIME] * pledge.is_time_restricted
    if any(name in texts for texts in pledge.translations.values() for name in names):
        names.append("translations")
    return dict.fromkeys(names)
