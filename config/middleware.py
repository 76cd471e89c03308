"""Middleware of the whole site."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

type_of_view = Callable[[HttpRequest], HttpResponse]


class LanguageByAddress:
    """Choose the language by the address alone: `/fr/…` and `/en/…`, else Arabic.

    Django's LocaleMiddleware also reads a header and adds `Vary: Accept-Language`; here one
    address is one page, so that caches and shared links stay simple (DESIGN section 7).
    """

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
