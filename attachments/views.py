"""Serving files: to everybody once an entry names them, and in a way that lets none of them act as a page."""

import logging
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import is_moderator, organisation_ids
from attachments.keeping import storage
from attachments.models import Attachment

logger = logging.getLogger(__name__)

WEBP = "image/webp"
# A file never changes, but it may be withheld: then it is gone from caches after this many seconds.
MAX_AGE = 300


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A photo to look at, or a PDF to download."""
    attachment = get_object_or_404(Attachment, name=name)
    return _serve(request, attachment, attachment.stored_as, attachment.media_type)


@require_safe
def thumbnail(request: HttpRequest, name: str, width: int) -> HttpResponseBase:
    """A photo, smaller."""
    attachment = get_object_or_404(Attachment, name=name)
    if width not in attachment.widths:
        raise Http404
    return _serve(request, attachment, attachment.thumbnail_stored_as(width), WEBP)


def _serve(request: HttpRequest, attachment: Attachment, stored: str, media_type: str) -> HttpResponseBase:
    """The bytes, to who may see them; the public's answer asks for no session and sets no cookie."""
    is_public = attachment.is_used and not attachment.is_withheld
    user: Any = None if is_public else request.user
    if not attachment.is_used and not _may_see_unused(user, attachment):
        raise Http404
    if attachment.is_withheld and not is_moderator(user):
        return _withheld(attachment)
    etag = f'"{stored}"'  # the bytes behind a name never change
    response = get_conditional_response(request, etag=etag) or _bytes(attachment, stored, media_type)
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if is_public:
        patch_cache_control(response, public=True, max_age=MAX_AGE)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _may_see_unused(user: Any, attachment: Attachment) -> bool:
    """Who uploaded it; once a draft holds it, the members of its organisation and nobody else."""
    if attachment.organisation_id is None:
        return bool(attachment.uploaded_by_id == user.pk)
    return attachment.organisation_id in organisation_ids(user)


def _bytes(attachment: Attachment, stored: str, media_type: str) -> HttpResponseBase:
    try:
        content = storage().open(stored)
    except FileNotFoundError:
        logger.exception("The storage has lost a file.")
        raise Http404 from None
    return FileResponse(
        content,
        content_type=media_type,
        as_attachment=not attachment.is_photo,
        filename=f"iltizam-{attachment.name[:12]}{stored[stored.rindex('.') :]}",
    )


def _withheld(attachment: Attachment) -> HttpResponse:
    """Gone, and why; in each language, since the address has none."""
    sentences = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            sentences.append(_("Withheld by the moderators: %(reason)s") % {"reason": attachment.withheld_reason})
    response = HttpResponse("\n".join(sentences) + "\n", status=410, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, no_cache=True)
    return response
