"""Everything below `/accounts/`: allauth's pages in our frame, and our own."""

from django.urls import URLPattern, URLResolver, include, path

from accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("sessions/<int:pk>/end/", views.end_session, name="account_end_session"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("email/", views.not_here, name="account_email"),
    path("confirm-email/", views.not_here, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.not_here, name="account_confirm_email"),
    path("", include("allauth.account.urls")),
]
