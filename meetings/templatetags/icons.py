"""The drawings: one per value of the domain and per thing that can be pressed, on a grid of 16 by 16.

Each is the inside of an <svg> that strokes with the colour of the text (site.py beside this file).
A status is shape and word before it is colour, so no two values of one axis share a shape.
"""

_CHECK = '<path d="M2.5 8.6l3.6 3.6 7.4-8"/>'
_CROSS = '<path d="M3.5 3.5l9 9m0-9l-9 9"/>'
_RING = '<circle cx="8" cy="8" r="5.8"/>'
_DOTS = '<path d="M2.6 8.5h.01M8 8.5h.01M13.4 8.5h.01" stroke-width="3"/>'
_QUOTE = '<path d="M6.5 4.2C4 5 2.8 6.6 2.8 9.2v2.3h3.6V8.2H3.6m9.6-4c-2.5.8-3.7 2.4-3.7 5v2.3h3.6V8.2h-2.8"/>'

ICONS: dict[str, str] = {
    # what the agency says
    "kept": _CHECK,
    "partly_kept": '<rect x="2.6" y="2.6" width="10.8" height="10.8" rx="2"/>'
    '<path d="M3 13L13 3v9a1 1 0 0 1-1 1z" fill="currentColor" stroke="none"/>',
    "in_progress": _RING + '<path d="M8 2.2a5.8 5.8 0 0 1 0 11.6z" fill="currentColor"/>',
    "acknowledged": _RING,
    "no_answer": _DOTS,
    "not_kept": _CROSS,
    "withdrawn": _RING + '<path d="M4 12l8-8"/>',
    # where it stands
    "kept_confirmed": '<path d="M.9 8.8l3.2 3.2 6.2-7M7.4 11.2l.9.8 6.6-7.4"/>',
    "kept_unchecked": _CHECK,
    "kept_disputed": '<path d="M1 8.4l2.6 2.8 4.6-6M9.6 7.2l4.8 4.8m0-4.8l-4.8 4.8"/>',
    # what associations found
    "confirmed": _CHECK,
    "disputed": _CROSS,
    "could_not_tell": '<path d="M4.8 5.6a3.2 3.2 0 1 1 4.5 2.9C8.4 9 8 9.5 8 10.3M8 13.4h.01"/>',
    "not_checked": '<circle cx="8" cy="8" r="5.8" stroke-dasharray="2.4 3.67"/>',
    # wording
    "not_answered": _DOTS,
    "agreed": _QUOTE,
    "agreed_with_remark": _QUOTE,
    "not_said": _QUOTE,
    # history
    "recorded": '<circle cx="8" cy="8" r="4" fill="currentColor"/>',
    "corrected": '<path d="M2.8 13.2l.7-3 7.2-7.2 2.3 2.3-7.2 7.2z"/>',
    "redacted": '<path d="M1.5 5h13M1.5 8h13M1.5 11h13" stroke-width="2.4"/>',
    "handover": '<path d="M2 5.5h10L9.3 2.8M14 10.5H4l2.7 2.7"/>',
    "review": '<path d="M2.5 3h11v7.5h-6l-3 3v-3h-2z"/>',
    "linked": '<path d="M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1m-3 3l-1 1a2.8 2.8 0 0 1-4-4l1-1"/>',
    "published": '<path d="M3.5 1.8h6l3 3v9.4h-9zM6 8h4M6 11h4"/>',
    # clocks and movements
    "overdue": '<path d="M8 2L14.5 13.5h-13zM8 6.5v3M8 11.6h.01" stroke-width="1.7"/>',
    "silent": '<path d="M4 1.8h8M4 14.2h8M5 2c0 3 2 4.5 3 6-1 1.5-3 3-3 6m6-12c0 3-2 4.5-3 6 1 1.5 3 3 3 6"/>',
    "waiting": _DOTS,
    "today": '<rect x="2" y="3" width="12" height="11" rx="1.5"/><path d="M2 6.8h12M5.2 1.5v3m5.6-3v3"/>',
    "up": '<path d="M8 3l5.5 10h-11z" fill="currentColor"/>',
    "down": '<path d="M8 13L2.5 3h11z" fill="currentColor"/>',
    "same": '<path d="M3 6h10M3 10.5h10"/>',
    # people, places, papers
    "calendar": '<rect x="2" y="3" width="12" height="11" rx="1.5"/><path d="M2 6.8h12M5.2 1.5v3m5.6-3v3"/>',
    "place": '<path d="M8 14.5C4.5 11 3 8.8 3 6.7a5 5 0 0 1 10 0c0 2.1-1.5 4.3-5 7.8z"/><path d="M8 6.8h.01"/>',
    "person": '<circle cx="8" cy="5" r="2.8"/><path d="M2.5 14c.5-3.3 2.7-4.8 5.5-4.8s5 1.5 5.5 4.8"/>',
    "organisation": '<path d="M1.8 6L8 2l6.2 4zM3.5 6.5v6m3-6v6m3-6v6m3-6v6M1.8 14h12.4"/>',
    "source": '<path d="M3.5 1.8h6l3 3v9.4h-9zM6 8h4M6 11h4"/>',
    "ledger": '<path d="M2 4.5L8 1.8l6 2.7-6 2.7zM2 8l6 2.7L14 8M2 11.5l6 2.7 6-2.7"/>',
    # doing
    "next": '<path d="M6 3l5 5-5 5"/>',
    "previous": '<path d="M10 3L5 8l5 5"/>',
    "remove": '<path d="M4 4l8 8m0-8l-8 8"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>',
    "follow": '<path d="M8 1.8a4 4 0 0 0-4 4c0 4-1.5 5-1.5 6h11c0-1-1.5-2-1.5-6a4 4 0 0 0-4-4zM6.5 14.3h3"/>',
    "share": '<path d="M8 10V2M5 4.5l3-3 3 3M3 8v6h10V8"/>',
    "download": '<path d="M8 2v8M5 7.5l3 3 3-3M2.5 14h11"/>',
    "print": '<path d="M4.5 6V2h7v4M4.5 11.5H2V6h12v5.5h-2.5M4.5 9.5h7V14h-7z"/>',
    "seen": '<path d="M1.2 8C3 5 5.3 3.6 8 3.6S13 5 14.8 8C13 11 10.7 12.4 8 12.4S3 11 1.2 8z"/>'
    '<circle cx="8" cy="8" r="1.6"/>',
    "not_seen": '<path d="M1.2 8C3 5 5.3 3.6 8 3.6S13 5 14.8 8C13 11 10.7 12.4 8 12.4S3 11 1.2 8zM3 14L13 2"/>',
    "add": '<path d="M8 2.5v11M2.5 8h11"/>',
    "locked": '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.5v3.5M8 5h.01"/>',
    "warning": '<path d="M8 2L14.5 13.5h-13zM8 6.5v3M8 11.6h.01" stroke-width="1.7"/>',
    "fictional": '<path d="M6 2h4M6.8 2v4.2L2.8 13a.8.8 0 0 0 .7 1.2h9A.8.8 0 0 0 13.2 13l-4-6.8V2M5 10h6"/>',
}

# What points along the text, and so turns round with it.
MIRRORED = frozenset({"next", "previous", "handover"})
