"""The form by which people choose their mails."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.models import User
from commitments.models import MailTurnedOff

Sort = MailTurnedOff.Sort


class MailForm(forms.Form):
    """In which language somebody is written to, and which sorts of mail they get."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=gettext_lazy("Language of your mail"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Mails you get"),
        choices=Sort.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("When pledges are addressed to you, you are told in any case."),
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        off = set(user.mail_turned_off.values_list("sort", flat=True))
        initial = {"language": user.language, "wanted": [sort for sort in Sort.values if sort not in off]}
        super().__init__(data, initial=initial)
        self.user = user

    def save(self) -> None:
        """Keep what was chosen."""
        self.user.language = self.cleaned_data["language"]
        self.user.save(update_fields=["language"])
        off = set(Sort.values) - set(self.cleaned_data["wanted"])
        self.user.mail_turned_off.exclude(sort__in=off).delete()
        MailTurnedOff.objects.bulk_create(
            [MailTurnedOff(user=self.user, sort=sort) for sort in sorted(off)], ignore_conflicts=True
        )
