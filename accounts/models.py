"""Who: the people who sign in, and the organisations they belong to."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class EmailUserManager(UserManager["User"]):
    """Makes users by e-mail address; there are no user names here."""

    def create_user(  # type: ignore[override]  # there is no user name to pass
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A user who signs in with `email`; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]  # as create_user
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """An administrator of the site (`manage.py createsuperuser`)."""
        return self.create_user(email, password, site_role=User.SiteRole.ADMINISTRATOR, **fields)


class User(AbstractUser):
    """A person who signs in, by e-mail address.

    What they may do follows from `site_role` (the site's own staff) and from their
    memberships (associations and agencies). Nobody holds both: the site's staff
    never speaks with the voice of an organisation.
    """

    class SiteRole(models.TextChoices):
        NONE = "", _("no site role")
        MODERATOR = "moderator", _("moderator")
        ADMINISTRATOR = "administrator", _("administrator")
        AUDITOR = "auditor", _("auditor")

    username = None  # type: ignore[assignment]  # signs in by e-mail
    email = models.EmailField(_("e-mail address"), unique=True)
    site_role = models.CharField(_("site role"), max_length=20, choices=SiteRole, blank=True, default=SiteRole.NONE)

    language = models.CharField(
        _("language of your mail"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = EmailUserManager()  # type: ignore[misc]  # narrower than AbstractUser's

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(site_role__in=["", "moderator", "administrator", "auditor"]), name="user_site_role_known"
            ),
            models.CheckConstraint(condition=Q(language__in=["ar", "fr", "en"]), name="user_language_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        """One spelling of an address; a member of an organisation is no staff of the site: see `Membership.clean`."""
        super().clean()
        self.email = self.email.lower()
        if self.pk and self.site_role and self.memberships.exists():
            raise ValidationError(
                {"site_role": _("A member of an organisation cannot be the site's staff. End the membership first.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep Django's own flags in step with the role: only `site_role` is ever typed."""
        self.is_staff = bool(self.site_role)
        self.is_superuser = False
        super().save(*args, **kwargs)


class Membership(models.Model):
    """Ties a person to the organisation with whose voice they may speak."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        MANAGER = "manager", _("manager")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    organisation = models.ForeignKey(
        "meetings.Organisation", models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once",
                violation_error_message=_("This person is already a member of this organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

    def clean(self) -> None:
        """The site's staff holds no membership, nor does somebody who becomes both at once: it speaks for nobody."""
        user = getattr(self, "user", None)
        if user is not None and user.site_role:
            raise ValidationError(
                {"user": _("The site's staff cannot be members: they would speak with the voice of an organisation.")}
            )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations as sentences."""

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=now)

    def pending(self) -> "InvitationQuerySet":
        """Those that nobody accepted or withdrew, the expired ones included."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """Asks whoever reads the mail of one address to join an organisation.

    Kept for good, so that one can tell who let whom in and when; only `inviting` writes it.
    """

    email = models.EmailField(_("e-mail address"))
    organisation = models.ForeignKey(
        "meetings.Organisation", models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role, default=Membership.Role.MEMBER)
    language = models.CharField(
        _("language of the invitation"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent", verbose_name=_("invited by"))
    invited_at = models.DateTimeField(_("invited on"))
    expires_at = models.DateTimeField(_("expires on"))
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="invitations_accepted", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="invitations_withdrawn", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_pending_once",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invitation_email_lower_case",
                violation_error_message=_("An address is written in small letters."),
            ),
            models.CheckConstraint(condition=Q(role__in=["member", "manager"]), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(language__in=["ar", "fr", "en"]), name="invitation_language_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="invitation_expires_later",
                violation_error_message=_("An invitation expires after it was sent."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
                violation_error_message=_("An accepted invitation names who accepted it."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_by_somebody",
                violation_error_message=_("A withdrawn invitation names who withdrew it."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
                violation_error_message=_("An invitation is accepted or withdrawn, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > now
