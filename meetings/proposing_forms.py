"""The forms in which an association adds an organisation, or proposes a neighbourhood, that is missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from meetings.choosing import CommuneField, FoundField, NeighbourhoodField, OrganisationField, let_find
from meetings.models import Neighbourhood, Organisation, Territory
from meetings.proposing import add_organisation, propose_neighbourhood
from meetings.register import Register, name_the_empty

ONE_NAME = _("One of the two names is enough; it then stands for both until somebody knows the other.")


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """A name in Arabic, in French or in both, and whether it is another one than those of a like name."""

    use_required_attribute = False
    is_another = forms.BooleanField(label=_("None of these: it is another one"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, register: Register, name: str = "") -> None:
        super().__init__(data, initial=_first_name(name))
        self.register = register
        for each in ("name_ar", "name_fr"):
            self.fields[each].required = False
        self.fields["name_ar"].widget.attrs |= {"lang": "ar", "dir": "auto"}
        self.fields["name_fr"].widget.attrs |= {"dir": "auto"}
        self.fields["name_ar"].help_text = ONE_NAME
        self.near: list[Any] = []

    def clean(self) -> dict[str, Any]:
        """At least one name, which stands for the other when that is not known."""
        cleaned: dict[str, Any] = super().clean() or {}
        arabic, french = cleaned.get("name_ar", ""), cleaned.get("name_fr", "")
        if not arabic and not french and not {"name_ar", "name_fr"} & self.errors.keys():
            raise ValidationError({"name_ar": _("Write at least one name.")})
        cleaned["name_ar"], cleaned["name_fr"] = arabic or french, french or arabic
        return cleaned

    @property
    def asked(self) -> list[Any]:
        """The fields of the page, without the question that comes only when something like it is there."""
        return [field for field in self.visible_fields() if field.name != "is_another"]


def _first_name(name: str) -> dict[str, str]:
    """A name that was typed before, in the field of its letters."""
    if not name:
        return {}
    return {"name_fr" if any("a" <= each <= "z" for each in name.casefold()) else "name_ar": name[:200]}


class NewOrganisationForm(ProposalForm):
    """An organisation that is missing."""

    commune = CommuneField(Territory.objects.all(), label=capfirst(_("commune covered")), required=False)
    neighbourhood = NeighbourhoodField(
        Neighbourhood.objects.all(), label=capfirst(_("neighbourhood covered")), required=False
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = ["name_ar", "name_fr", "kind", "parent"]
        field_classes: ClassVar[dict[str, type[FoundField]]] = {"parent": OrganisationField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        register = self.register
        name_the_empty(self, "kind")
        let_find(
            self,
            register,
            parent=register.organisation_catalogue,
            commune=register.commune_catalogue,
            neighbourhood=register.neighbourhood_catalogue,
        )
        for name in ("parent", "neighbourhood"):
            self.fields[name].widget.adds = ""

    def store(self, *, by: User, now: datetime) -> Organisation:
        """As `proposing.add_organisation`, and raises as it."""
        commune, neighbourhood = self.cleaned_data["commune"], self.cleaned_data["neighbourhood"]
        return add_organisation(
            self.instance,
            communes=[commune] if commune else [],
            neighbourhoods=[neighbourhood] if neighbourhood else [],
            by=by,
            association=self.register.organisation,
            is_another=self.cleaned_data["is_another"],
            now=now,
        )


class NewNeighbourhoodForm(ProposalForm):
    """A neighbourhood that is missing."""

    class Meta:
        model = Neighbourhood
        fields: ClassVar[list[str]] = ["name_ar", "name_fr", "kind", "territory"]
        field_classes: ClassVar[dict[str, type[FoundField]]] = {"territory": CommuneField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_find(self, self.register, territory=self.register.commune_catalogue)

    def store(self, *, by: User, now: datetime) -> Neighbourhood:
        """As `proposing.propose_neighbourhood`, and raises as it."""
        is_another = self.cleaned_data["is_another"]
        return propose_neighbourhood(
            self.instance, by=by, association=self.register.organisation, is_another=is_another, now=now
        )
