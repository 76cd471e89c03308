"""What the script of a draft's form is answered: the same savings as with the button, in JSON."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.forms.draft import DraftForms
from commitments.forms.sent_again import proof_of, stored_keys
from commitments.views.desk import CONFLICT, UNPROCESSABLE
from meetings.models import Meeting


def wants_json(request: HttpRequest) -> bool:
    """Whether the script asks, and not somebody who pressed a button."""
    return request.headers.get("Accept") == "application/json"


def saved(typed: DraftForms) -> JsonResponse:
    """Stored: what the form carries from now on, and which stored row each of its rows is."""
    keys = stored_keys(typed)
    stored = Meeting.objects.select_related("logged_by").get(pk=typed.meeting.instance.pk)
    fresh = DraftForms(stored)
    return JsonResponse(
        {
            "state": "saved",
            "address": reverse("workspace_meeting", args=[stored.pk]),
            "draft": str(stored.pk),
            "hidden": {"version": str(fresh.version), "opened": fresh.opened, "proof": proof_of(stored.pk)},
            "rows": keys,
            "says": said_saved(stored),
        }
    )


def said_saved(meeting: Meeting) -> str:
    """When the draft was saved, in words."""
    return _("All saved at %(time)s") % {"time": date_format(timezone.localtime(meeting.saved_at), "H:i")}


def invalid(typed: DraftForms) -> JsonResponse:
    """Not stored: the sentences by the place of the field."""
    faults: dict[str, list[str]] = {}
    for fault in typed.faults():
        faults.setdefault(fault.anchor, []).append(str(fault.sentence))
    count = len(faults)
    says = ngettext("Not saved: %(count)d field needs a look", "Not saved: %(count)d fields need a look", count)
    return JsonResponse({"state": "invalid", "faults": faults, "says": says % {"count": count}}, status=UNPROCESSABLE)


def overtaken(state: str) -> JsonResponse:
    """Not stored: the draft was saved ("overtaken"), published or deleted by somebody else meanwhile."""
    return JsonResponse({"state": state}, status=CONFLICT)


def signed_out() -> JsonResponse:
    """Not stored: somebody else than who typed it has signed in here by now."""
    return JsonResponse({"state": "signed_out"}, status=403)


def sentences() -> dict[str, str]:
    """Everything that the script says by itself."""
    return {
        "saving": _("Saving…"),
        "unsaved": _("Not saved yet"),
        "offline": _("No connection: what you typed is kept in this browser and will be sent when it is back"),
        "offline_unkept": _("No connection, and this browser keeps nothing: do not close this page before it is back"),
        "failed": _("The site does not answer: what you typed is kept in this browser and will be sent again"),
        "signed_out": _("You are signed out: sign in again in the new tab, nothing is lost"),
        "pasted": _("Saved, but for the pasted lines: press “Make a row of each line” beside them"),
        "overtaken": _(
            "This draft was saved meanwhile, by somebody from your association or by you in another tab. "
            "Nothing of yours is lost."
        ),
        "published": _("The meeting was published meanwhile. What you typed is still here."),
        "deleted": _("Somebody deleted this draft meanwhile. What you typed is still here."),
        "restored": _("What you had typed here and was not sent yet is back in the form"),
        "see": _("See what they changed"),
        "see_typed": _("See what can be done"),
        "sign_in": _("Sign in"),
        "remove": _("Remove"),
        "removed": _("Removed."),
        "undo": _("Undo"),
        "full": _("There is no room for more rows in this draft."),
    }
