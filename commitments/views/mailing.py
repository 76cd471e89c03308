"""Which mails somebody gets, and in which language."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.forms.mailing import MailForm
from commitments.views.desk import UNPROCESSABLE, done, in_desk, person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Show what somebody chose, and keep what they choose."""
    form = MailForm(person(request), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            form.save()
        return done(request, _("Your choice is saved."), "desk_mail")
    return in_desk(request, "desk/mail.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)
