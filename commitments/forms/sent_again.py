"""A form that arrives twice: pressed twice, or sent anew because the answer to the first time was lost."""

import json
from hashlib import sha256
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from commitments.forms.draft import DraftForms
from meetings.models.meeting import MeetingQuerySet

PROOF = Signer(salt="commitments.draft")
# What differs between two sendings of the same form.
NOT_TYPED = {"csrfmiddlewaretoken", "then"}
LONGEST_NAME = 50
# Of how many meetings a browser is told what arrived.
LATEST = 200


def key_of_draft(sent: str) -> UUID:
    """The key under which a new draft is begun: the one that was sent, or a fresh one."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


def proof_of(pk: int | None) -> str:
    """What the form of a stored draft carries along, to show later that it was open here before it was deleted."""
    return PROOF.sign(str(pk)) if pk else ""


def proves(proof: str, pk: int) -> bool:
    """Whether the form was opened from the draft with this number."""
    try:
        return PROOF.unsign(proof) == str(pk)
    except BadSignature:
        return False


def fingerprint(data: QueryDict) -> str:
    """The name that the browser gave this sending, if any, and the hash of everything typed."""
    typed = [(name, values) for name, values in data.lists() if name not in NOT_TYPED]
    name = data.get("sending", "")[:LONGEST_NAME].replace(" ", "")
    return f"{name} {sha256(json.dumps(typed).encode()).hexdigest()}"


def received(meetings: MeetingQuerySet) -> list[str]:
    """The names that browsers gave to the latest savings of these meetings, by which they know what has arrived."""
    latest = meetings.exclude(saved_from="").order_by("-saved_at").values_list("saved_from", flat=True)
    return [name for each in latest[:LATEST] if (name := each.partition(" ")[0])]


def is_sent_again(typed: DraftForms) -> bool:
    """Whether exactly this form was stored last, and nobody has saved the draft since."""
    stored = typed.meeting.instance
    return bool(
        typed.data is not None
        and typed.stored_version == typed.version + 1
        and stored.saved_from == fingerprint(typed.data)
    )


def stored_keys(typed: DraftForms) -> dict[str, list[str]]:
    """The key of the stored row behind each row of the form, in order; nothing for what was empty or removed."""
    keys = {}
    for section, rows in typed.sections.items():
        rows.is_valid()
        kept = {id(form) for _number, form in rows.kept()}
        known = {form.instance.pk for form in rows.forms}
        unknown = iter([each.pk for each in rows.stored if each.pk not in known])
        keys[section] = [str(form.instance.pk or next(unknown, "")) if id(form) in kept else "" for form in rows.forms]
    return keys


def as_new(data: QueryDict) -> QueryDict:
    """What was typed into a draft that is gone, as the beginning of another one."""
    fresh = data.copy()
    fresh["version"], fresh["opened"], fresh["proof"], fresh["begun_as"] = "0", "{}", "", str(uuid4())
    for name in [each for each in fresh if each.endswith("-row")]:
        fresh[name] = ""
    return fresh


def with_rows_found(typed: DraftForms) -> DraftForms:
    """The form of a draft sent as new though it is stored by now: its rows, in order, are the stored ones."""
    if typed.version or typed.data is None or not typed.stored_version:
        return typed
    data = typed.data.copy()
    for section, keys in stored_keys(typed).items():
        for number, key in enumerate(keys):
            data[f"{section}-{number}-row"] = key
    return DraftForms(typed.meeting.instance, data)
