"""The pages for which one signs in: the two desks, and the moderators'."""

from django.urls import path

from commitments.views import (
    agency,
    assessing,
    association,
    correcting,
    desk,
    finding,
    formal_letter,
    inbox,
    mailing,
    members,
    moderation,
    proposing,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/mail/", mailing.mail, name="desk_mail"),
    path("desk/members/", members.own_members, name="own_members"),
    path("desk/members/<slug:slug>/", members.members, name="members"),
    path("desk/members/<slug:slug>/<int:pk>/role/", members.change_role, name="member_role"),
    path("desk/members/<slug:slug>/<int:pk>/remove/", members.remove_member, name="member_remove"),
    path(
        "desk/members/<slug:slug>/invitations/<int:pk>/withdraw/",
        members.withdraw_invitation,
        name="invitation_withdraw",
    ),
    path("workspace/", association.workspace, name="workspace"),
    path("workspace/meetings/new/", association.new_meeting, name="workspace_new"),
    path("workspace/meetings/<int:pk>/", association.edit_meeting, name="workspace_meeting"),
    path("workspace/meetings/<int:pk>/review/", association.review_meeting, name="workspace_review"),
    path("workspace/meetings/<int:pk>/publish/", association.publish_meeting, name="workspace_publish"),
    path("workspace/meetings/<int:pk>/published/", association.published_meeting, name="workspace_published"),
    path("workspace/meetings/<int:pk>/delete/", association.delete_meeting, name="workspace_delete"),
    path("workspace/meetings/<int:pk>/correct/", correcting.correct_published_meeting, name="workspace_correct"),
    path("workspace/meetings/<int:pk>/withdraw/", correcting.withdraw_published_meeting, name="workspace_withdraw"),
    path("workspace/find/organisations/", finding.organisations, name="find_organisations"),
    path("workspace/find/neighbourhoods/", finding.neighbourhoods, name="find_neighbourhoods"),
    path("workspace/find/communes/", finding.communes, name="find_communes"),
    path("workspace/organisations/new/", proposing.new_organisation, name="workspace_new_organisation"),
    path("workspace/neighbourhoods/new/", proposing.new_neighbourhood, name="workspace_new_neighbourhood"),
    path(
        "workspace/organisations/<slug:slug>/added/", proposing.organisation_added, name="workspace_organisation_added"
    ),
    path(
        "workspace/neighbourhoods/<slug:slug>/added/",
        proposing.neighbourhood_added,
        name="workspace_neighbourhood_added",
    ),
    path("workspace/pledges/<int:pk>/", assessing.pledge, name="workspace_pledge"),
    path("workspace/pledges/<int:pk>/assess/", assessing.assess_pledge, name="workspace_assess"),
    path("workspace/pledges/<int:pk>/check/", assessing.check_pledge, name="workspace_check"),
    path("workspace/pledges/<int:pk>/letter/", formal_letter.letter, name="workspace_letter"),
    path("workspace/pledges/<int:pk>/correct/", correcting.correct_published_pledge, name="workspace_pledge_correct"),
    path(
        "workspace/pledges/<int:pk>/withdraw/", correcting.withdraw_published_pledge, name="workspace_pledge_withdraw"
    ),
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/acknowledge/", inbox.acknowledge, name="inbox_acknowledge"),
    path("inbox/record/", inbox.record, name="inbox_record"),
    path("inbox/pledges/<int:pk>/", agency.pledge, name="inbox_pledge"),
    path("inbox/pledges/<int:pk>/wording/", agency.reply, name="inbox_wording"),
    path("inbox/pledges/<int:pk>/status/", agency.report, name="inbox_status"),
    path("inbox/pledges/<int:pk>/occurrence/", agency.log, name="inbox_occurrence"),
    path("inbox/pledges/<int:pk>/week/", agency.week, name="inbox_week"),
    path("inbox/pledges/<int:pk>/offer/", agency.hand_over, name="inbox_offer"),
    path("inbox/pledges/<int:pk>/offered/", agency.take_over, name="inbox_offered"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/<slug:kind>/<int:pk>/", moderation.record, name="moderate"),
    path("moderation/pledges/<int:pk>/files/<slug:name>/", moderation.withhold_file, name="withhold"),
    path("moderation/<slug:kind>/<int:pk>/<int:number>/", moderation.redact_entry, name="redact"),
]
