"""Who may see, edit and publish a meeting."""

import rules

from accounts.models import User
from accounts.rules import is_administrator, manages, organisation_ids, reads_everything
from meetings.models import Meeting, Organisation
from meetings.models.meeting import MeetingQuerySet


@rules.predicate
def logs_meetings(user: User, organisation: Organisation) -> bool:
    """A member of the organisation, which logs meetings: an association, or whoever keeps the minutes."""
    return organisation.pk in organisation_ids(user)


@rules.predicate
def is_of_logging_organisation(user: User, meeting: Meeting) -> bool:
    """A member of the organisation that logged the meeting."""
    return meeting.logged_by_id in organisation_ids(user)


@rules.predicate
def may_publish_for_logging_organisation(user: User, meeting: Meeting) -> bool:
    """A manager of the organisation that logged it, or a member where the manager allows."""
    if meeting.logged_by is None:
        return False
    managed = not meeting.logged_by.members_may_publish
    return meeting.logged_by.pk in organisation_ids(user, managed=managed)


@rules.predicate
def keeps_the_sites_records(user: User, meeting: Meeting) -> bool:
    """An administrator, for what the site itself entered from a public source (decision 0006)."""
    return meeting.logged_by is None and bool(is_administrator(user))


@rules.predicate
def is_draft(_user: User, meeting: Meeting) -> bool:
    """Not yet published."""
    return meeting.is_draft


@rules.predicate
def logs_as_an_association(_user: User, organisation: Organisation) -> bool:
    """An association: an agency logs nothing."""
    return not organisation.is_agency


rules.add_perm("meetings.choose_who_publishes", logs_as_an_association & manages)
rules.add_perm("meetings.log_meeting", logs_meetings)
rules.add_perm("meetings.edit_draft", is_draft & is_of_logging_organisation)
rules.add_perm("meetings.publish_meeting", is_draft & may_publish_for_logging_organisation)
rules.add_perm("meetings.correct_meeting", ~is_draft & (may_publish_for_logging_organisation | keeps_the_sites_records))
rules.add_perm("meetings.manage_register", is_administrator)
rules.add_perm("meetings.read_register", reads_everything)


def visible_drafts(user: User) -> MeetingQuerySet:
    """The drafts that exist for this person; for anyone else they do not (404, not 403)."""
    return Meeting.objects.drafts().filter(logged_by__in=organisation_ids(user))


def own_meetings(user: User) -> MeetingQuerySet:
    """Every meeting that this person's organisations logged, drafts included."""
    return Meeting.objects.filter(logged_by__in=organisation_ids(user))
