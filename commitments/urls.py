"""The public pages: the same for everybody, chosen by address alone."""

from django.urls import path

from commitments.views import about, meetings, organisations, overview, places, pledges

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("neighbourhoods/", places.neighbourhoods, name="neighbourhoods"),
    path("neighbourhoods/<slug:slug>/", places.neighbourhood, name="neighbourhood"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("requests/", meetings.requests, name="requests"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/<int:pk>/", pledges.pledge, name="pledge"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("about/", about.about, name="about"),
]
