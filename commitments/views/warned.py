"""Warnings that a page shows before something is published: once they were said to be read, it goes on."""

import hashlib
from typing import Any

from django.http import HttpRequest

from commitments.cautioning import Caution, cautions_of_word
from commitments.forms.speaking import SpeakingForm


def still_to_read(request: HttpRequest, found: list[Caution]) -> dict[str, Any] | None:
    """What a form shows of these warnings when it was sent without a word that they were read; else nothing.

    The word counts for the warnings that the page showed: who changes the text beside them is warned of it anew.
    """
    said = "\n".join(each.sentence for each in found)
    warned_of = hashlib.sha256(said.encode()).hexdigest()[:16]
    were_shown = request.POST.get("warned_of") == warned_of
    if not found or (were_shown and "has_read" in request.POST):
        return None
    return {"cautions": found, "warned_of": warned_of, "is_unread": were_shown}


def word_to_read(request: HttpRequest, form: SpeakingForm) -> dict[str, Any] | None:
    """The same of a word on a pledge; one that has to be put right first is warned of once it is."""
    if not form.is_valid():
        return None
    return still_to_read(request, cautions_of_word(form.pledge, form.words(), speaker=form.organisation))
