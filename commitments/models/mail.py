"""Which mails somebody does not want."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MailTurnedOff(models.Model):
    """One sort of mail that a person turned off. That pledges are addressed to them they are always told."""

    class Sort(models.TextChoices):
        DUE_SOON = "due_soon", _("Pledges that are due in the next seven days")
        OVERDUE = "overdue", _("Pledges whose date has passed")
        DISPUTED = "disputed", _("Pledges that an association disputes")
        SILENT = "silent", _("Pledges without news for 30 days; for 60, those of the agencies below yours")
        WEEKLY = "weekly", _("Once a week, what waits for you")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_turned_off", verbose_name=_("user")
    )
    sort = models.CharField(_("sort of mail"), max_length=20, choices=Sort)

    class Meta:
        verbose_name = _("mail turned off")
        verbose_name_plural = _("mails turned off")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "sort"],
                name="mail_turned_off_once",
                violation_error_message=_("This mail is turned off already."),
            ),
            models.CheckConstraint(
                condition=Q(sort__in=["due_soon", "overdue", "disputed", "silent", "weekly"]),
                name="mail_turned_off_known",
                violation_error_message=_("This mail does not exist, or cannot be turned off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_sort_display()}"
