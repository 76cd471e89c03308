"""The record: places, organisations, meetings and what was said there (DESIGN section 2)."""

from meetings.models.file import MeetingFile
from meetings.models.meeting import Concern, Meeting, MeetingSeries, Participant, Source
from meetings.models.named import Named, Translated
from meetings.models.organisation import Organisation
from meetings.models.place import Neighbourhood, Territory

__all__ = [
    "Concern",
    "Meeting",
    "MeetingFile",
    "MeetingSeries",
    "Named",
    "Neighbourhood",
    "Organisation",
    "Participant",
    "Source",
    "Territory",
    "Translated",
]
