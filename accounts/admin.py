"""The administration of people, and what every administration here has in common.

Who may do what follows from the rules of the apps (DESIGN section 6) and never from Django's own permissions.
"""

from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Invitation, Membership, User
from ledger.admin import FiltersAsOffered
from mail import outbox
from mail.models import Letter

# One door to the site: the same page, the same limits on guessing, for the administration too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents it


def may(request: HttpRequest, permission: str) -> bool:
    """Whether whoever asks holds one of the rules' permissions."""
    return bool(request.user.is_active and request.user.has_perm(permission))


class ByRule(FiltersAsOffered):
    """Asks the rules: `reads` and `writes` name their permissions, and without `writes` nobody changes anything.

    What the record refers to is never deleted; fields in `settled` stay as they were first given.
    """

    reads: ClassVar[str]
    writes: ClassVar[str] = ""
    settled: ClassVar[tuple[str, ...]] = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the index lists it."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever reads or writes."""
        return may(request, self.reads) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes."""
        return bool(self.writes) and may(request, self.writes)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes."""
        return bool(self.writes) and may(request, self.writes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes, one by one, and only that to which nothing refers."""
        return obj is not None and self.has_change_permission(request, obj) and not is_referred_to(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is settled once the thing exists."""
        readonly = super().get_readonly_fields(request, obj)  # type: ignore[misc]  # mixed into an admin
        return [*readonly, *(self.settled if obj else ())]


def is_referred_to(obj: Model) -> bool:
    """Whether anything stored refers to it, also many-to-many."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists()  # noqa: SLF001  # every row, also what the default manager hides
        for relation in obj._meta.related_objects
    )


class MembershipInline(ByRule, admin.TabularInline):  # type: ignore[type-arg]  # takes no parameter at run time
    """To which organisations a person belongs."""

    model = Membership
    reads, writes = "accounts.read_people", "accounts.manage_people"
    autocomplete_fields = ("organisation",)
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody touches their own: an administrator gives themself no voice."""
        return obj != request.user and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As `has_change_permission`."""
        return obj != request.user and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ending a membership takes nothing from the record."""
        return self.has_change_permission(request, obj)


@admin.register(User)
class UserAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """People. A password is set by its owner alone, by mail; an account is closed, not deleted."""

    reads, writes = "accounts.read_people", "accounts.manage_people"
    list_display = ("email", "first_name", "last_name", "site_role", "is_active", "last_login")
    list_filter = ("site_role", "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    fields = ("email", "first_name", "last_name", "language", "site_role", "is_active", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address of somebody who has signed in stays theirs; nobody changes their own role."""
        fixed = ["email"] if obj and obj.last_login else []
        own = ["site_role", "is_active"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *fixed, *own]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's
        """A new person chooses a password by mail."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what they said stays theirs."""
        return False


@admin.register(Membership)
class MembershipAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Who belongs where, as one list; changed at the person."""

    reads = "accounts.read_people"
    list_display = ("user", "organisation", "role")
    list_filter = ("role",)
    search_fields = ("user__email", "organisation__folded")
    list_select_related = ("user", "organisation")


@admin.register(Invitation)
class InvitationAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Who was let in, by whom and when; changed by nobody."""

    reads = "accounts.read_people"
    list_display = ("email", "organisation", "role", "invited_by", "invited_at", "accepted_at", "withdrawn_at")
    list_filter = ("role",)
    search_fields = ("email", "organisation__folded", "invited_by__email")
    list_select_related = ("organisation", "invited_by")
    date_hierarchy = "invited_at"


@admin.register(Letter)
class LetterAdmin(ByRule, admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """To whom was written, and what became of it; here, since `mail` itself knows of no people.

    What a letter says is for its reader alone: it may hold a link by which one joins an organisation.
    """

    reads = "mail.read_letters"
    exclude = ("text", "html")
    list_display = ("queued_at", "to", "subject", "state", "attempts", "last_error")
    list_filter = ("state", "language")
    search_fields = ("to", "subject")
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who decides whether a second copy is better than none."""
        return may(request, "mail.send_again")

    @admin.action(description=_("Send again what was given up or is unclear"), permissions=["send"])
    def send_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        """Send the selected letters again; those that wait or were sent stay as they are."""
        count = outbox.send_again(letters, now=timezone.now())
        sentence = ngettext("%(count)d letter will be sent again.", "%(count)d letters will be sent again.", count)
        self.message_user(request, sentence % {"count": count})
