"""The desks of those who have signed in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
