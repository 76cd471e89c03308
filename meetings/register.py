"""What the forms of a desk choose from: organisations, neighbourhoods, series and earlier meetings."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, MeetingSeries, Neighbourhood, Organisation

Groups = list[tuple[Any, Any]]


class Register:
    """What the forms of one organisation choose from, its own first; each list is read once, however many the forms."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation

    @cached_property
    def neighbourhoods(self) -> list[Neighbourhood]:
        """Every neighbourhood; fictional ones only for a fictional organisation, and nothing else for it."""
        found = Neighbourhood.objects.with_territory()
        return list(found.filter(is_fictional=self.organisation.is_fictional))

    @cached_property
    def covered(self) -> set[int]:
        """The neighbourhoods that the organisation covers."""
        return set(Neighbourhood.objects.covered_by(self.organisation).values_list("pk", flat=True))

    @cached_property
    def near(self) -> set[int]:
        """The organisations that are near to this one."""
        near = Q(pk=self.organisation.pk) | Q(hosted_meetings__logged_by=self.organisation)
        near |= Q(neighbourhoods__in=self.covered) | Q(territories__organisations=self.organisation)
        return set(Organisation.objects.filter(near).values_list("pk", flat=True))

    @cached_property
    def listed(self) -> list[Organisation]:
        """Every organisation; fictional ones only for a fictional organisation, and nothing else for it."""
        return list(Organisation.objects.filter(is_fictional=self.organisation.is_fictional))

    @cached_property
    def organisations(self) -> Groups:
        """Every organisation to choose from, those near to this one first."""
        return grouped(self.listed, self.near, _("Near you"), _("Others"))

    @cached_property
    def series(self) -> Groups:
        """Every series of meetings."""
        return [("", "—"), *((each.pk, str(each)) for each in MeetingSeries.objects.all())]

    @cached_property
    def earlier_meetings(self) -> Groups:
        """The published meetings of the organisation, which a new one may follow up."""
        own = Meeting.objects.published().filter(logged_by=self.organisation)
        return [("", "—"), *((each.pk, f"{each} · {each.held_on:%d/%m/%Y}") for each in own)]


def grouped(listed: Iterable[Model], first: set[int], first_label: Any, other_label: Any) -> Groups:
    """Choices in two groups, those whose key is in `first` on top; a group without any is left out."""
    top: Groups = []
    rest: Groups = []
    for each in listed:
        (top if each.pk in first else rest).append((each.pk, str(each)))
    return [("", "—"), *((label, group) for label, group in ((first_label, top), (other_label, rest)) if group)]


def offer(form: forms.BaseForm, **choices: Groups) -> None:
    """Let fields of the form choose from lists that were read before: nothing else is shown, nor accepted."""
    for name, groups in choices.items():
        field: Any = form.fields[name]
        field.choices = groups
        field.validators.append(OneOf(groups, field.error_messages["invalid_choice"]))


class OneOf:
    """Refuses what was not among the choices."""

    def __init__(self, groups: Groups, sentence: Any) -> None:
        flat = [pair for value, label in groups for pair in (label if isinstance(label, list) else [(value, label)])]
        self.allowed, self.sentence = {str(key) for key, _label in flat}, sentence

    def __call__(self, value: Any) -> None:
        """Raise ValidationError unless the object, or each of the keys, is among them."""
        keys = value if isinstance(value, list | tuple) else [value.pk]
        for key in keys:
            if str(key) not in self.allowed:
                raise ValidationError(self.sentence, code="invalid_choice", params={"value": key})
