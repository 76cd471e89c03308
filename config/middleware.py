"""Middleware of the whole site."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
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


class CompressedText(GZipMiddleware):
    """Compress pages and downloads of text; photos and PDFs are compressed already, and keep their length."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django's own, but for files."""
        if response.get("Content-Type", "").startswith(("image/", "application/pdf")):
            return response
        return super().process_response(request, response)


class BoundedRequests:
    """Answer a request that is too large with a page that says so, before anything of it is kept or parsed."""

    PIECE, TAKEN_IN = 64 * 1024, 256 * 1024 * 1024

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._size(request) <= settings.REQUEST_MAX_SIZE:
            return self.get_response(request)
        self._take_in(request)
        return render(request, "413.html", status=413)

    def _size(self, request: HttpRequest) -> int:
        """What is announced; a request that announces nothing is read as empty (WSGI)."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        return int(announced) if announced.isdigit() else 0

    def _take_in(self, request: HttpRequest) -> None:
        """Read and forget, within reason: a browser shows the answer only when all that it sends was taken."""
        for _piece in range(self.TAKEN_IN // self.PIECE):
            if not request.read(self.PIECE):
                return
