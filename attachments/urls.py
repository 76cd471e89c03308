"""Where files are served: the same address in every language, since a file has none."""

from django.urls import path

from attachments import views

urlpatterns = [
    path("<slug:name>/", views.file, name="file"),
    path("<slug:name>/<int:width>.webp", views.thumbnail, name="thumbnail"),
]
