"""Fields that choose from the register: a bounded list, and beside it a place to write a name that is not in it."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.register import Catalogue, Register
from meetings.search import fold_text
from meetings.text import listed

LONGEST_NAME = 450  # a name and what it lies in, as a list shows them


class Written(str):
    """The key that was chosen, and beside it the name that was written."""

    __slots__ = ("words",)
    words: str


def written(key: str, words: str) -> Written:
    """Both as one value."""
    value = Written(key)
    value.words = " ".join(words.split())[:LONGEST_NAME]
    return value


class FindSelect(forms.Select):
    """The list, the place to write a name, and the way to add what is missing; static/js/find.js makes one of them.

    `finds` and `adds` name the addresses where names are searched and added, `ticks` the boxes to which a choice
    is added in place; `for_slug` is the association that writes.
    """

    template_name = "partials/find.html"

    def __init__(self, *, finds: str = "", adds: str = "", ticks: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.finds, self.adds, self.ticks = finds, adds, ticks
        self.catalogue: Catalogue | None = None
        self.for_slug = ""
        self.left_out: frozenset[str] = frozenset()

    def leave_out(self, keys: Iterable[int]) -> None:
        """Do not list these, which stand elsewhere in the form; they may be named all the same."""
        self.left_out = frozenset(str(key) for key in keys)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen and what was written."""
        return written(str(data.get(name) or ""), str(data.get(f"{name}_name") or ""))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The options as HTML that was made once, with one of them selected."""
        attrs = self.build_attrs(self.attrs, attrs)
        words = getattr(value, "words", "")
        query = {"for": self.for_slug} if self.for_slug else {}
        return {
            "name": name,
            "id": attrs.get("id", ""),
            "attrs": attrs,
            "options": self._options(str(value or "")),
            "words": words,
            "find": f"{reverse(self.finds)}?{urlencode(query)}" if self.finds else "",
            "add": f"{reverse(self.adds)}?{urlencode(query | ({'name': words} if words else {}))}" if self.adds else "",
            "adds": self.adds,
            "ticks": self.ticks,
        }

    def _options(self, key: str) -> SafeString:
        drawn = []
        for label, pairs in self.catalogue.options() if self.catalogue else ():
            html = "".join(option for value, option in pairs if value not in self.left_out)
            chosen = html.replace(f'value="{key}"', f'value="{key}" selected', 1) if key.isdigit() else html
            options = mark_safe(chosen)  # noqa: S308 - options of a catalogue, escaped, and digits
            drawn.append(format_html('<optgroup label="{}">{}</optgroup>', label, options) if label else options)
        return mark_safe("".join(drawn))  # noqa: S308 - joined from what is safe

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """By the template, whose context is not Django's own."""
        return self._render(self.template_name, self.get_context(name, value, attrs), renderer)  # type: ignore[attr-defined, no-any-return]  # as Widget.render does


class Offered(ModelChoiceIterator):  # type: ignore[type-arg]  # takes no parameter at run time
    """The choices of a field, from its catalogue, read when they are asked for."""

    def __iter__(self) -> Iterator[Any]:
        """In groups."""
        catalogue = self.field.catalogue  # type: ignore[attr-defined]  # a FoundField
        return iter(catalogue.groups() if catalogue else ())


class HiddenFind(forms.HiddenInput):
    """What was chosen and what was written, carried along to the next page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """One field, or two."""
        chosen, words = super().render(name, value, attrs, renderer), getattr(value, "words", "")
        written_beside = super().render(f"{name}_name", words, None, renderer) if words else ""
        return format_html("{}{}", chosen, written_beside)


class FoundField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as Offered
    """Something of a catalogue: chosen in the list, or named by its whole name in any spelling."""

    widget: Any = FindSelect
    hidden_widget: Any = HiddenFind
    iterator: Any = Offered
    catalogue: Catalogue | None = None
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": gettext_lazy("There is nothing by this name here. Choose one from the list.")
    }

    def clean(self, value: Any) -> Any:
        """The thing; raises ValidationError for what may not be chosen, and for a name that is not one thing's."""
        assert self.catalogue is not None  # noqa: S101 - `let_find` comes first
        found = self.catalogue.find(value)
        if value and found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        words = getattr(value, "words", "")
        if words and not (found and _names(self.catalogue, found, words)):
            found = self._named(self.catalogue, words, found)
        self.validate(found)
        return found

    def _named(self, catalogue: Catalogue, words: str, chosen: Any) -> Any:
        """The only thing that is called so; among several, or what was perhaps meant, the one that was chosen."""
        meant = catalogue.called(words)
        if chosen in meant:
            return chosen
        named = [each for each in meant if catalogue.is_called(each, words)]
        if len(named) == 1:
            return named[0]
        catalogue.mention(*(each.pk for each in meant))
        names = listed(f"{each} ({catalogue.note(each)})" for each in meant)
        sentence = _unknown(is_one_meant=bool(meant), may_add=bool(self.widget.adds))
        if named:
            sentence = _("Several are called “%(words)s”: %(names)s. Choose one in the list.")
        raise ValidationError(sentence % {"words": words, "names": names}, code="not_found")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was chosen or named; the name of what was chosen changes nothing."""
        if super().has_changed(initial, data):
            return True
        found, words = self.catalogue.find(data) if self.catalogue else None, getattr(data, "words", "")
        return bool(words) and not (found and self.catalogue and _names(self.catalogue, found, words))


def _unknown(*, is_one_meant: bool, may_add: bool) -> str:
    """What is said of a name that is nobody's whole name."""
    if is_one_meant and may_add:
        return _(
            "“%(words)s” is not the whole name of one that we know. Did you mean one of these: %(names)s? "
            "Choose it in the list, or add yours."
        )
    if is_one_meant:
        return _(
            "“%(words)s” is not the whole name of one that we know. Did you mean one of these: %(names)s? "
            "Choose it in the list."
        )
    if may_add:
        return _("We know nothing called “%(words)s”. Choose from the list, write the whole name, or add it.")
    return _("We know nothing called “%(words)s”. Choose from the list, or write the whole name.")


def _names(catalogue: Catalogue, found: Any, words: str) -> bool:
    """Whether what was written names what was chosen; signs without a letter name nothing else."""
    return not fold_text(words) or catalogue.is_called(found, words)


def let_find(form: forms.BaseForm, register: Register, **catalogues: Catalogue) -> None:
    """Let fields of the form choose from catalogues, for the association whose register it is."""
    for name, catalogue in catalogues.items():
        field: Any = form.fields[name]
        field.catalogue = field.widget.catalogue = catalogue
        field.widget.for_slug = register.organisation.slug
        field.widget.is_required = False
        catalogue.mention(form[name].value(), form.get_initial_for_field(field, name))


class OrganisationField(FoundField):
    """An organisation of the register."""

    widget = FindSelect(finds="find_organisations", adds="workspace_new_organisation")


class NeighbourhoodField(FoundField):
    """A neighbourhood of the register."""

    widget = FindSelect(finds="find_neighbourhoods", adds="workspace_new_neighbourhood")


class CommuneField(FoundField):
    """A commune or arrondissement; there is no other than those of the official tree."""

    widget = FindSelect(finds="find_communes")
