"""The columns of the table: how each is headed in three languages, and to which part of a draft it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from meetings.models.named import LANGUAGES
from meetings.search import fold_text

ROW, MEETING, PARTICIPANT, CONCERN, PLEDGE, SOURCE = "row", "meeting", "participant", "concern", "pledge", "source"
PARTS = (PARTICIPANT, CONCERN, PLEDGE, SOURCE)


@dataclass(frozen=True)
class Column:
    """A column: of which part, which field of its model, and its heading in Arabic, French and English."""

    part: str
    field: str
    ar: str
    fr: str
    en: str
    also: tuple[str, ...] = ()
    is_simple: bool = False  # among those that a first sheet needs

    @property
    def name(self) -> str:
        """By which the code knows it."""
        return f"{self.part}.{self.field}"

    def heading(self, language: str) -> str:
        """As a table in this language heads it."""
        return {"ar": self.ar, "fr": self.fr}.get(language, self.en)


COLUMNS: tuple[Column, ...] = (
    Column(ROW, "section", "القسم", "rubrique", "section"),
    Column(MEETING, "held_on", "تاريخ اللقاء", "date de la rencontre", "date of the meeting",
           ("التاريخ", "date"), True),
    Column(MEETING, "title", "موضوع اللقاء", "objet de la rencontre", "subject of the meeting",
           ("الموضوع", "objet", "sujet", "subject", "اللقاء", "rencontre", "meeting"), True),
    Column(MEETING, "venue", "مكان اللقاء", "lieu de la rencontre", "venue"),
    Column(MEETING, "host", "الهيئة المستضيفة", "organisation hôte", "host",
           ("الهيئة المضيفة", "المضيف", "hôte"), True),
    Column(MEETING, "neighbourhoods", "الأحياء المعنية", "quartiers concernés", "neighbourhoods concerned",
           ("الحي", "الأحياء", "quartier", "quartiers", "neighbourhood", "neighbourhoods"), True),
    Column(MEETING, "starts_at", "بداية اللقاء", "début de la rencontre", "start of the meeting"),
    Column(MEETING, "ends_at", "نهاية اللقاء", "fin de la rencontre", "end of the meeting"),
    Column(MEETING, "format", "شكل اللقاء", "forme de la rencontre", "format"),
    Column(MEETING, "language", "لغة المحضر", "langue du compte rendu", "language of the record",
           ("اللغة", "langue", "language")),
    Column(MEETING, "people", "عدد الحاضرين", "personnes présentes", "people present"),
    Column(MEETING, "associations", "عدد الجمعيات الحاضرة", "associations présentes", "associations present"),
    Column(MEETING, "women", "عدد النساء", "dont femmes", "women present", ("femmes présentes", "femmes")),
    Column(MEETING, "summary", "ملخّص", "résumé", "summary"),
    Column(MEETING, "follows_up", "رقم اللقاء السابق", "numéro de la rencontre suivie",
           "number of the meeting followed up"),
    Column(MEETING, "series", "سلسلة اللقاءات", "série de rencontres", "series of meetings"),
    Column(PLEDGE, "title", "التعهّد", "engagement", "pledge", ("what was promised", "ما تم التعهد به"), True),
    Column(PLEDGE, "responsible", "المصلحة المسؤولة", "service responsable", "agency",
           ("المصلحة", "service", "agency that answers for it"), True),
    Column(PLEDGE, "due_on", "الأجل", "échéance", "due date", ("delai", "deadline"), True),
    Column(PLEDGE, "kind", "نوع التعهّد", "type d’engagement", "kind of pledge", ("النوع", "type", "kind"), True),
    Column(PLEDGE, "details", "تفاصيل التعهّد", "détails", "details", ("تفاصيل",)),
    Column(PLEDGE, "timing", "توقيت التعهّد", "calendrier", "timing"),
    Column(PLEDGE, "due_words", "عبارة المحضر عن الأجل", "mots du compte rendu sur l’échéance", "words about time"),
    Column(PLEDGE, "rule", "الأيام", "jours", "days"),
    Column(PLEDGE, "windows", "الساعات", "heures", "hours"),
    Column(PLEDGE, "starts_on", "أول يوم", "premier jour", "first day"),
    Column(PLEDGE, "ends_on", "آخر يوم", "dernier jour", "last day"),
    Column(PLEDGE, "pauses", "فترات التوقّف", "pauses", "breaks"),
    Column(PLEDGE, "neighbourhoods", "أحياء التعهّد", "quartiers de l’engagement", "neighbourhoods of the pledge"),
    Column(PLEDGE, "place", "مكان التعهّد", "lieu de l’engagement", "place of the pledge"),
    Column(PLEDGE, "partners", "الشركاء", "partenaires", "partners"),
    Column(PLEDGE, "said_by", "صرّح به", "annoncé par", "said by", ("على لسان",)),
    Column(PLEDGE, "concerns", "أرقام الإشكالات", "numéros des préoccupations", "concern numbers"),
    Column(PLEDGE, "beneficiaries", "المستفيدون", "bénéficiaires", "for whom"),
    Column(PLEDGE, "provenance", "الموضع في المصدر", "endroit dans la source", "place in the source"),
    Column(PLEDGE, "sign", "علامة الإنجاز", "à quoi on le verra", "what would show it"),
    Column(PLEDGE, "sign_from", "مصدر العلامة", "origine du signe", "where the sign comes from"),
    Column(PLEDGE, "is_place_restricted", "المكان غير معلن", "lieu non public", "place not public"),
    Column(PLEDGE, "is_time_restricted", "الأوقات غير معلنة", "horaires non publics", "hours not public"),
    Column(PARTICIPANT, "name", "اسم المشارك", "nom du participant", "participant", ("المشارك", "participant name")),
    Column(PARTICIPANT, "role", "صفة المشارك", "fonction du participant", "role of the participant",
           ("الصفة", "fonction", "qualité du participant", "role")),
    Column(PARTICIPANT, "organisation", "هيئة المشارك", "organisation du participant",
           "organisation of the participant"),
    Column(PARTICIPANT, "side", "طرف المشارك", "côté du participant", "side of the participant", ("جهة المشارك",)),
    Column(PARTICIPANT, "naming", "ذكر الاسم", "mention du nom", "naming"),
    Column(PARTICIPANT, "attendance", "حضور المشارك", "présence du participant", "attendance"),
    Column(CONCERN, "text", "الإشكال المطروح", "préoccupation", "concern", ("الإشكال",)),
    Column(CONCERN, "request", "المطلب", "demande", "request"),
    Column(CONCERN, "theme", "محور الإشكال", "thème", "theme", ("المحور",)),
    Column(CONCERN, "place", "مكان الإشكال", "lieu de la préoccupation", "place of the concern"),
    Column(SOURCE, "title", "المصدر", "source", "source"),
    Column(SOURCE, "publisher", "ناشر المصدر", "éditeur de la source", "publisher"),
    Column(SOURCE, "published", "تاريخ المصدر", "date de la source", "date of the source"),
    Column(SOURCE, "url", "رابط المصدر", "lien de la source", "link"),
    Column(ROW, "translations", "ترجمات", "traductions", "translations"),
)  # fmt: skip
# The sheet of a template on which names stand to be copied, and which is not read.
LISTS_SHEETS = {"ar": "لوائح للنسخ", "fr": "Listes à copier", "en": "Lists to copy from"}
LISTS_HEADINGS = {
    "ar": ("أنواع التعهّدات", "الهيئات", "الأحياء"),
    "fr": ("types d’engagement", "organisations", "quartiers"),
    "en": ("kinds of pledge", "organisations", "neighbourhoods"),
}
BY_NAME = {each.name: each for each in COLUMNS}
SECTIONS = {
    MEETING: ("لقاء", "rencontre", "meeting"),
    PARTICIPANT: ("مشارك", "participant", "participant"),
    CONCERN: ("إشكال", "préoccupation", "concern"),
    PLEDGE: ("تعهّد", "engagement", "pledge"),
    SOURCE: ("مصدر", "source", "source"),
}


@cache
def _by_heading() -> dict[str, Column]:
    found: dict[str, Column] = {}
    for each in COLUMNS:
        for heading in (each.ar, each.fr, each.en, *each.also):
            found.setdefault(fold_text(heading), each)
    return found


def column_of(heading: str) -> Column | None:
    """The column that is headed so, in any of the three languages."""
    return _by_heading().get(fold_text(heading))


def recognised(cells: Sequence[str]) -> int:
    """How many of these cells head a column."""
    return sum(column_of(each) is not None for each in cells if each)


def language_of(headings: Sequence[str]) -> str:
    """The language in which most of the columns are headed."""

    def votes(language: str) -> int:
        return sum(
            (column := column_of(each)) is not None and fold_text(column.heading(language)) == fold_text(each)
            for each in headings
        )

    return max(LANGUAGES, key=votes)


def section_of(text: str) -> str:
    """The part that a cell of the column "section" names, in any language; nothing when it names none."""
    folded = fold_text(text)
    return next((part for part, names in SECTIONS.items() if folded in {part, *map(fold_text, names)}), "")


def section_in(part: str, language: str) -> str:
    """The part's name in a language, as the column "section" writes it."""
    return SECTIONS[part][LANGUAGES.index(language)]
