"""What has a name in each language of the interface, and what was said in one and translated."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meetings.search import fold_text
from meetings.text import Line, Prose

LANGUAGES = ("ar", "fr", "en")


class Said(NamedTuple):
    """A text as it is shown: in which language, and whether that is a translation of the record."""

    text: str
    language: str
    is_translation: bool


class Named(models.Model):
    """Has a name in Arabic and in Latin letters; English falls back on the French one."""

    name_ar = Line(_("name in Arabic"), max_length=200)
    name_fr = Line(_("name in French"), max_length=200)
    name_en = Line(_("name in English"), max_length=200, blank=True)
    folded = models.TextField(editable=False, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded spelling, by which it is found, in step with the names."""
        self.folded = fold_text(f"{self.name_ar} {self.name_fr} {self.name_en}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_in(get_language() or settings.LANGUAGE_CODE)

    def name_in(self, language: str) -> str:
        """The name in one language; what has no English name is called by its French one."""
        names: dict[str, str] = {"ar": self.name_ar, "fr": self.name_fr, "en": self.name_en or self.name_fr}
        return names.get(language) or self.name_ar

    def names(self) -> dict[str, str]:
        """Every name by language, as the ledger keeps it beside the public id."""
        return {language: self.name_in(language) for language in LANGUAGES}


def validate_translations(value: object) -> None:
    """Translations are `{language: {field: text}}` in the languages of the interface."""
    if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
        raise ValidationError(_("Translations are given by language: ar, fr or en."))
    for texts in value.values():
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise ValidationError(_("A translation gives a text for each field."))


class Translated(models.Model):
    """Was recorded in one language and may carry translations of its texts.

    The record is what was written down; a translation helps to read it and says that it is one.
    """

    translations = models.JSONField(_("translations"), default=dict, blank=True, validators=[validate_translations])

    class Meta:
        abstract = True

    def clean(self) -> None:
        """What holds for a text holds for its translations, and only texts that people type have any."""
        super().clean()
        try:
            validate_translations(self.translations)
        except ValidationError:
            return  # the field's own validator says so
        for language, texts in self.translations.items():
            for name, text in texts.items():
                self._check_translation(language, name, text)

    def _check_translation(self, language: str, name: str, text: str) -> None:
        typed = {field.name: field for field in self._meta.fields if isinstance(field, Line | Prose)}
        if name not in typed:
            sentence = _("“%(field)s” is not a text that is translated.") % {"field": name}
            raise ValidationError({"translations": sentence})
        try:
            typed[name].run_validators(text)
        except ValidationError as error:
            sentences = [f"{language}, {name}: {sentence}" for sentence in error.messages]
            raise ValidationError({"translations": sentences}) from error

    if TYPE_CHECKING:

        @property
        def recorded_language(self) -> str:
            """The language in which the record was written; each model says where that stands."""

    def said(self, field: str) -> Said:
        """The text of `field` for the page's language, marked when it is a translation."""
        language = get_language() or settings.LANGUAGE_CODE
        original = str(getattr(self, field))
        translated = self.translations.get(language, {}).get(field, "")
        if language != self.recorded_language and translated:
            return Said(translated, language, is_translation=True)
        return Said(original, self.recorded_language, is_translation=False)

    def folded_texts(self, *fields: str) -> str:
        """The folded texts of `fields` and of their translations, for search."""
        texts = [str(getattr(self, field)) for field in fields]
        texts += [by_field.get(field, "") for by_field in self.translations.values() for field in fields]
        return fold_text(" ".join(texts))
