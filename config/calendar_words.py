"""Names of months that our own catalogues give, since Morocco's differ from those of Django's Arabic.

A message of our catalogue goes before Django's of the same text; listing them here is what
keeps them in it: يوليوز, غشت, شتنبر, نونبر, دجنبر, ماي (GLOSSARY, months in Morocco).
"""

from django.utils.translation import gettext_noop as _

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
