"""The form for a pledge that was forgotten when its meeting was published."""

from datetime import date
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from commitments.adding import SETS, next_pledge_number
from commitments.changes import Change, in_words
from commitments.forms.correcting import expected_field, last_number_of, reason_field, register_of
from commitments.forms.pledge import PledgeForm, kinds
from commitments.models import Pledge
from commitments.record import CORRECTABLE, restricted_fields
from meetings.models import Meeting

NEEDED = ("title", "kind", "responsible")


class AddedPledgeForm(PledgeForm):
    """A pledge as a draft has it, and why it comes later; with what is needed to publish it."""

    use_required_attribute = False
    is_pledge = True
    tells_days = True

    def __init__(self, meeting: Meeting, data: QueryDict | None = None) -> None:
        super().__init__(
            data,
            instance=Pledge(meeting=meeting, number=next_pledge_number(meeting), made_on=meeting.held_on),
            initial={"expected": last_number_of(meeting)},
            register=register_of(meeting),
            kinds=kinds(),
            concerns=set(meeting.concerns.filter(is_redacted=False).values_list("number", flat=True)),
        )
        for name in NEEDED:
            self.fields[name].required = True
        self.fields["reason"], self.fields["expected"] = reason_field(), expected_field()

    @property
    def changes(self) -> dict[str, Any]:
        """What the pledge says, as `adding.add_pledge` takes it."""
        said = {name: getattr(self.instance, name) for name in CORRECTABLE if name not in SETS}
        return said | {"neighbourhoods": self.cleaned_data["neighbourhoods"], "concerns": self._concerns()}

    def _concerns(self) -> list[Any]:
        numbers = self.cleaned_data["concern_numbers"]
        return list(self.instance.meeting.concerns.filter(number__in=numbers, is_redacted=False))

    def in_words(self) -> list[Change]:
        """What would be published, field by field, as everybody will read it: without what is kept from the public."""
        places = {"neighbourhoods": self.changes["neighbourhoods"] or self.instance.meeting.neighbourhoods.all()}
        hidden = restricted_fields(self.instance)
        kept = {name: _kept(value) for name, value in (self.changes | places).items() if name not in hidden}
        return in_words({f"new_{name}": value for name, value in kept.items() if value}, self.instance)


def _kept(value: Any) -> Any:
    """A value as the ledger keeps it: what has an address by that, a part of the meeting by its number."""
    if isinstance(value, str | bool | None):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Model):
        return getattr(value, "slug", None) or getattr(value, "number", None)
    return [_kept(each) if isinstance(each, Model) else each for each in value]
