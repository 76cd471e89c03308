"""Where people are signed in."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_ended_sessions() -> None:
    """Forget every session that is over, its IP address and its browser with it."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=live).delete()
