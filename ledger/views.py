"""The ledger as the public sees it: what is sealed, everything to download, how to check it; the same for everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ledger.exporting import all_lines, checkpoint_texts, in_chunks, stream_lines
from ledger.history import STREAM_NAME
from ledger.models import Checkpoint, Stream, Waiting

SHOWN = 20
NDJSON = "application/x-ndjson"
TEXT = "text/plain; charset=utf-8"

a_minute = cache_control(public=True, max_age=60)


@require_safe
@a_minute
def home(request: HttpRequest) -> HttpResponse:
    """The latest checkpoints, and how anybody can check the whole."""
    checkpoints = list(Checkpoint.objects.order_by("-size")[:SHOWN])
    context = {
        "checkpoints": checkpoints,
        "size": checkpoints[0].size if checkpoints else 0,
        "waiting": Waiting.objects.count(),
    }
    return render(request, "ledger/home.html", context)


@require_safe
@a_minute
def entries(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry, one on each line."""
    return StreamingHttpResponse(in_chunks(all_lines(timezone.localdate())), content_type=NDJSON)


@require_safe
@a_minute
def checkpoints(request: HttpRequest) -> StreamingHttpResponse:
    """Every checkpoint in the C2SP format, the oldest first."""
    return StreamingHttpResponse(in_chunks(checkpoint_texts()), content_type=TEXT)


@require_safe
@a_minute
def stream(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Every entry of one stream, one on each line."""
    if not STREAM_NAME.fullmatch(name):
        raise Http404
    lines = stream_lines(get_object_or_404(Stream, name=name), timezone.localdate())
    return StreamingHttpResponse(in_chunks(lines), content_type=NDJSON)


@require_safe
@a_minute
def document(request: HttpRequest, name: str) -> HttpResponse:
    """What a stranger needs to check a download: the script, or the description of the format."""
    return HttpResponse((settings.BASE_DIR / "docs" / name).read_bytes(), content_type=TEXT)
