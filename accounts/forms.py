"""The forms by which people are invited, join, and say how they are called."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User


class InvitationForm(forms.Form):
    """Whom to invite, as what, and in which language; whether that can be is said by `inviting.invite`."""

    use_required_attribute = False

    email = forms.EmailField(label=capfirst(_("e-mail address")), widget=forms.EmailInput(attrs={"dir": "ltr"}))
    role = forms.ChoiceField(
        label=capfirst(_("role")),
        choices=Membership.Role,
        initial=Membership.Role.MEMBER,
        widget=forms.RadioSelect,
        help_text=_("A member speaks for the organisation. A manager also publishes, invites and removes members."),
    )
    language = forms.ChoiceField(label=capfirst(_("language of the invitation")), choices=settings.LANGUAGES)


class RoleForm(forms.Form):
    """Whether somebody is a member or a manager."""

    role = forms.ChoiceField(label=capfirst(_("role")), choices=Membership.Role)


class JoiningForm(forms.Form):
    """Who joins: a name, and a password for whoever wants one."""

    use_required_attribute = False

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Family name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.email = email
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean(self) -> None:
        """A password that is given is a good one."""
        super().clean()
        if password := self.cleaned_data.get("password"):
            names = {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(password, User(email=self.email, **names))
            except ValidationError as error:
                self.add_error("password", error)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no parameter at run time
    """How one is called."""

    use_required_attribute = False

    class Meta:
        model = User
        fields = ("first_name", "last_name")
        labels = {"first_name": _("First name"), "last_name": _("Family name")}
