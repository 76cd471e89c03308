"""Who belongs to an organisation: its managers invite, give roles and remove; its members see who is there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import inviting
from accounts.forms import InvitationForm, RoleForm
from accounts.models import Invitation, Membership
from accounts.sending import sent_from
from commitments.views.desk import UNPROCESSABLE, done, in_desk, must, own_organisations, person
from meetings.forms import refuse
from meetings.models import Organisation


@login_required
@require_safe
def own_members(request: HttpRequest) -> HttpResponse:
    """Lead to the members of one's organisation; whoever belongs to several chooses one."""
    organisations = own_organisations(person(request))
    if not organisations:
        raise PermissionDenied
    if len(organisations) == 1:
        return redirect("members", organisations[0].slug)
    return in_desk(request, "members/organisations.html", {"organisations": organisations})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to the organisation and who is invited; a manager invites here."""
    organisation = get_object_or_404(Organisation, slug=slug)
    if request.method != "POST":
        must(person(request), "accounts.see_members", organisation)
        return _page(request, organisation, InvitationForm(initial={"language": translation.get_language()}))
    must(person(request), "accounts.manage_members", organisation)
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            inviting.invite(organisation=organisation, by=person(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            sentence = _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
            return done(request, sentence, "members", slug)
    return _page(request, organisation, form)


@sent_from("members", "slug")
def withdraw_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let an invitation lead nowhere."""
    invitation = get_object_or_404(Invitation, pk=pk, organisation__slug=slug)
    inviting.withdraw(invitation, by=person(request), now=timezone.now())
    return done(request, _("The invitation is withdrawn."), "members", slug)


@sent_from("members", "slug")
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hand over: make a member a manager, or a manager a member, once it was shown what changes by it."""
    membership = _membership(slug, pk)
    form = RoleForm(request.POST)
    must(person(request), "accounts.manage_members", membership.organisation)
    if not form.is_valid():
        return redirect("members", slug)
    role = Membership.Role(form.cleaned_data["role"])
    try:
        if "confirm" not in request.POST:
            if role != Membership.Role.MANAGER:
                inviting.check_a_manager_stays(membership, by=person(request))
            return _asked(request, membership, "members/role.html", role=role)
        inviting.change_role(membership, role=role, by=person(request))
    except ValidationError as error:
        return _refused(request, error, slug)
    return _done_or_gone(request, membership.organisation, _("The role is changed."))


@sent_from("members", "slug")
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership, once it was shown whose."""
    membership = _membership(slug, pk)
    must(person(request), "accounts.manage_members", membership.organisation)
    try:
        if "confirm" not in request.POST:
            inviting.check_a_manager_stays(membership, by=person(request))
            return _asked(request, membership, "members/remove.html")
        inviting.remove_member(membership, by=person(request))
    except ValidationError as error:
        return _refused(request, error, slug)
    return _done_or_gone(request, membership.organisation, _("The membership has ended."))


@sent_from("members", "slug")
def let_members_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say whether members publish too, or managers alone."""
    organisation = get_object_or_404(Organisation, slug=slug)
    must(person(request), "meetings.choose_who_publishes", organisation)
    allowed = request.POST.get("members_may_publish") == "on"
    Organisation.objects.filter(pk=organisation.pk).update(members_may_publish=allowed)
    sentence = _("Members publish, correct and withdraw too.") if allowed else _("Managers alone publish from now on.")
    return done(request, sentence, "members", slug)


def _membership(slug: str, pk: int) -> Membership:
    known = Membership.objects.select_related("user", "organisation")
    return get_object_or_404(known, pk=pk, organisation__slug=slug)


def _asked(request: HttpRequest, membership: Membership, template: str, **more: Any) -> HttpResponse:
    """Whether it is really meant: of whom, and who manages afterwards."""
    context = {
        "membership": membership,
        "organisation": membership.organisation,
        "is_own": membership.user == person(request),
        "managers": [each.user for each in inviting.managers_besides(membership)],
    }
    return in_desk(request, template, context | more)


def _refused(request: HttpRequest, error: ValidationError, slug: str) -> HttpResponse:
    for sentence in error.messages:
        messages.error(request, sentence)
    return redirect("members", slug)


def _done_or_gone(request: HttpRequest, organisation: Organisation, sentence: str) -> HttpResponse:
    """Back to the members, for whoever is still one of them."""
    if person(request).has_perm("accounts.see_members", organisation):
        return done(request, sentence, "members", organisation.slug)
    return done(request, sentence, "desk")


def _page(request: HttpRequest, organisation: Organisation, form: InvitationForm) -> HttpResponse:
    manages = person(request).has_perm("accounts.manage_members", organisation)
    invitations = Invitation.objects.pending().filter(organisation=organisation).select_related("invited_by")
    context: dict[str, Any] = {
        "organisation": organisation,
        "memberships": organisation.memberships.select_related("user").order_by("-role", "user__email"),
        "manages": manages,
        "chooses_who_publishes": person(request).has_perm("meetings.choose_who_publishes", organisation),
        "form": form,
        "invitations": invitations if manages else [],
        "now": timezone.now(),
        "territories": organisation.territories.all(),
        "neighbourhoods": organisation.neighbourhoods.all(),
        "operator_contact": settings.OPERATOR_CONTACT,
    }
    return in_desk(request, "members/members.html", context, status=UNPROCESSABLE if form.errors else 200)
