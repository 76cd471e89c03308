"""What the words of a pledge say about when: a day, days that come again, hours. Knows no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError

from commitments.schedules import DAY_CODES, SCHOOL_DAYS, overlap, validate_windows, weekly_rule
from commitments.suggesting import Folded
from meetings.days import day_of, last_of_month, month_numbers

BY_DATE, RECURRING, ONGOING = "by_date", "recurring", "ongoing"
MOST_WINDOWS = 2

# Each day of the week by its names, folded, Monday first.
_WEEKDAYS = (
    "اثنين lundi lundis monday mondays", "ثلاثا mardi mardis tuesday tuesdays",
    "اربعا mercredi mercredis wednesday wednesdays", "خميس jeudi jeudis thursday thursdays",
    "جمعه vendredi vendredis friday fridays", "سبت samedi samedis saturday saturdays",
    "احد dimanche dimanches sunday sundays",
)  # fmt: skip
_DAY_CODE = {name: code for code, names in zip(DAY_CODES, _WEEKDAYS, strict=True) for name in names.split()}
_ARTICLE = "[وفبل]?(?:ال|لل)?"
_WEEKDAY = rf"{_ARTICLE}(?:{'|'.join(_DAY_CODE)})"
_WEEKDAY_LIST = rf"{_WEEKDAY}(?: (?:et |and |و |les |le |ايام |يوم ){{0,3}}{_WEEKDAY}){{0,6}}"
_MONTH = rf"(?:{'|'.join(sorted(month_numbers(), key=len, reverse=True))})"

_DAY_RANGE = re.compile(rf"(?<!\S)({_WEEKDAY}) (?:الي|حتي|الي غايه|au|a|to|until|till) ({_WEEKDAY})(?!\S)")
_EACH_OF_THE_DAYS = re.compile(
    rf"(?<!\S)(?:[بو]?كل|[وف]?ايام|يومي|chaque|tous les|every|each|les) (?:يوم |ايام )?"
    rf"({_WEEKDAY_LIST})(?!\S)(?! \d)"
)
_EVERY_DAY = re.compile(
    r"(?<!\S)(?:كل (?:يوم|ليله|مسا|صباح)|يوميا|(?:ال)?يوميه?|chaque (?:jour|nuit|soir|matin)"
    r"|tous les (?:jours|soirs|matins)|toutes les nuits|quotidien\w*|daily"
    r"|(?:every|each) (?:day|night|evening|morning))(?!\S)"
)
_SCHOOL = re.compile(
    r"(?<!\S)(?:[وف]?[بل]?ايام (?:الدراسه|التمدرس)|jours d ecole|jours de (?:classe|cours)|school days)(?!\S)"
)
# Told to come again, on days that nobody named.
_SOME_DAY = re.compile(
    r"(?<!\S)(?:كل (?:اسبوع|شهر|سنه|اسبوعين|شهرين|ثلاثه اشهر|سته اشهر)|اسبوعيا|شهريا|(?:ال)?(?:اسبوعي|شهري)ه?"
    r"|بشكل دوري|بصفه دوريه|(?:ال)?(?:لقاات|اجتماعات) (?:ال)?دوريه"
    r"|chaque (?:semaine|mois|trimestre|annee)|tous les (?:mois|trimestres|deux mois|trois mois|six mois)"
    r"|toutes les semaines|hebdomadaires?|mensuel\w*|trimestriel\w*|weekly|monthly|quarterly"
    r"|(?:every|each) (?:week|month|quarter|year))(?!\S)"
)
_ALWAYS = re.compile(
    r"(?<!\S)(?:بشكل (?:دايم|مستمر)|بصفه (?:دايمه|مستمره)|باستمرار|en permanence|de facon permanente|en continu"
    r"|permanently|at all times|24 ?h? ?(?:sur )?24 ?h?)(?!\S)"
)
# Hours as Arabic says them in a word, "the eighth"; longer ones first.
_HOUR_WORDS = {
    "الثانيه عشره": 12, "الحاديه عشره": 11, "الواحده": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4, "الخامسه": 5,
    "السادسه": 6, "السابعه": 7, "الثامنه": 8, "التاسعه": 9, "العاشره": 10,
}  # fmt: skip
_CLOCK = (
    r"(?P<said{0}>الساعه )?(?:(?P<hour{0}>\d{{1,2}})(?P<mark{0}> ?(?:h|heures?)(?![^\W\d]))?"
    r"(?:(?(mark{0}) ?| )(?P<minute{0}>[0-5]\d)(?!\d))?"
    rf"|(?P<word{{0}}>{'|'.join(_HOUR_WORDS)})(?P<plus{{0}}> والنصف| ونصف)?)"
    r"(?: (?P<half{0}>صباحا|مسا|ليلا|زوالا|بعد الزوال|du matin|du soir|de l apres midi|am|pm))?"
)
_HOURS = re.compile(
    rf"(?<!\S)(?:(?P<from>من|ومن|بين|ما بين|de|entre|from|between) )?{_CLOCK.format(1)}"
    rf"(?: (?:الي|حتي|الي غايه|و|a|et|to|and|until|till|jusqu a))? {_CLOCK.format(2)}(?!\S)"
)
# After which two numbers are hours where days are told: "from 8 to 9 and from 17 to 18", not "from 5 to 10 officers".
_ENDS = re.compile(
    r"$| (?:ومن|و من|وبين|et de|et entre|and from|and between|باستثنا|ما عدا|ماعدا|عدا|خارج|sauf|hors|excepte"
    r"|except|excluding|until|till|حتي|الي غايه|لغايه|jusqu)(?!\S)"
)
_COLON = re.compile(r"\d:\d\d")  # which folding takes away
_NIGHT = "ليلا"
_AFTERNOON = {"مسا", "زوالا", "بعد الزوال", "du soir", "de l apres midi", "pm"}
_FILLERS = rf"(?:(?:le|la|les|the|on|of|de|du|mois|month|يوم|تاريخ|بتاريخ|شهر|{_WEEKDAY}) ){{0,4}}"
_END = r"(?P<end>(?:fin|la fin|the end|end|نهايه|متم|اخر|اواخر) )?"
_DATE = (
    rf"{_FILLERS}{_END}{_FILLERS}(?:(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of |de |من )?)?"
    rf"(?P<month>{_MONTH}|\d{{1,2}}(?= \d{{4}}(?!\S)))(?: (?:سنه |de )?(?P<year>(?:19|20)\d\d))?(?!\S)"
)
_DEADLINE = re.compile(
    rf"(?<!\S)(?:avant|d ici|d ici a|au plus tard|before|by|no later than|not later than|[وف]?قبل|اقصاه|اقصاها) {_DATE}"
)
_ON_A_DAY = re.compile(rf"(?<!\S)(?:le|on|يوم|بتاريخ|{_WEEKDAY}) {_DATE}")
# So many days, weeks, months or years from the meeting on: "within three months". A number may be a word or a dual.
_COUNTS = {
    name: count
    for count, names in {
        1: "un une one a", 2: "deux two", 3: "ثلاث ثلاثه trois three", 4: "اربع اربعه quatre four",
        5: "خمس خمسه cinq five", 6: "ست سته six", 7: "سبع سبعه sept seven", 8: "ثمان ثماني ثمانيه huit eight",
        9: "تسع تسعه neuf nine", 10: "عشر عشره dix ten", 15: "quinze fifteen", 20: "عشرين vingt twenty",
        30: "ثلاثين trente thirty",
    }.items()
    for name in names.split()
}  # fmt: skip
_UNITS = {
    "day": "يوم يوما ايام jour jours day days", "week": "اسبوع اسبوعا اسابيع semaine semaines week weeks",
    "month": "شهر شهرا اشهر شهور mois month months", "year": "سنه سنوات عام اعوام an ans annee annees year years",
}  # fmt: skip
_DUALS = {"يومين": "day", "اسبوعين": "week", "شهرين": "month", "سنتين": "year", "عامين": "year"}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_HIJRI = "محرم|صفر|ربيع|جمادي|رجب|شعبان|رمضان|شوال|ذي|ذو"
_WITHIN = re.compile(
    r"(?<!\S)(?:[وف]?خلال|[وف]?في (?:غضون|ظرف|اجل|اجل اقصاه|مده)|داخل اجل|dans un delai (?:maximum |maximal )?de"
    r"|dans(?: les)?|d ici(?: a)?|sous|within|in)"
    rf" (?:(?P<dual>{'|'.join(_DUALS)})|(?:ال)?(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) (?P<unit>{'|'.join(_UNIT_OF)})"
    rf"|(?P<one>شهر|اسبوع|سنه)(?! (?:{_MONTH}|{_HIJRI}|\d)))(?!\S)"
)
_UNTIL = re.compile(rf"(?<!\S)(?:jusqu (?:a|au|en)|until|till|حتي|الي غايه|لغايه|[وف]?الي) {_DATE}")
_EXCEPT_HOLIDAYS = re.compile(
    r"(?<!\S)(?:باستثنا|ما عدا|ماعدا|عدا|خارج|sauf|hors|excepte|except|excluding) (?:ايام |les |public |on )*"
    r"(?:العطل|الاعياد|العطل الرسميه|jours feries|holidays)(?!\S)"
)


@dataclass
class When:
    """When, as far as words say it, as a pledge stores it; `words` are those that say so, as they were typed."""

    timing: str
    due_on: date | None = None
    rule: str = ""
    windows: list[list[str]] = field(default_factory=list)
    ends_on: date | None = None
    skips_holidays: bool = False
    words: str = ""


Window = tuple[list[str], tuple[int, int]]


class _Said(NamedTuple):
    """What was found, and where in the folded text."""

    value: str
    span: tuple[int, int]


def when_in(text: str, *, after: date | None) -> When | None:
    """What a pledge says about when; `after` is the day on which it was made, from which days without a year count."""
    folded = Folded(text)
    frequency = _frequency(folded.text)
    windows = _sound(list(_windows(folded, has_days=bool(frequency)))[:MOST_WINDOWS])
    if not frequency and (dated := _deadline(folded.text, after)):
        day, span = dated
        return When(BY_DATE, due_on=day, words=folded.typed(*span))
    if frequency or windows:
        return _recurring(folded, frequency, windows, after)
    if always := _ALWAYS.search(folded.text):
        return When(ONGOING, words=folded.typed(*always.span()))
    return None


def _recurring(folded: Folded, frequency: _Said | None, windows: list[Window], after: date | None) -> When:
    spans = [frequency.span] if frequency else []
    found = When(RECURRING, rule=frequency.value if frequency else "")
    found.windows = [hours for hours, _span in windows]
    spans += [span for _hours, span in windows]
    until = _UNTIL.search(folded.text)
    if until and (last := _day(until, after)) and not (after and last <= after):
        found.ends_on = last
        spans.append(until.span())
    if holidays := _EXCEPT_HOLIDAYS.search(folded.text):
        found.skips_holidays = True
        spans.append(holidays.span())
    found.words = " … ".join(folded.typed(*span) for span in sorted(spans))
    return found


def _frequency(text: str) -> _Said | None:
    """The days that come again, as a rule; an empty rule where they are not named."""
    if found := _DAY_RANGE.search(text):
        first, last = (DAY_CODES.index(_code(found[side])) for side in (1, 2))
        if first < last:
            return _Said(weekly_rule(list(DAY_CODES[first : last + 1])), found.span())
    if found := _EACH_OF_THE_DAYS.search(text):
        named = {_code(each) for each in re.findall(rf"(?<!\S){_WEEKDAY}(?!\S)", found[1])}
        return _Said(weekly_rule([code for code in DAY_CODES if code in named]), found.span())
    for pattern, rule in ((_EVERY_DAY, "FREQ=DAILY"), (_SCHOOL, weekly_rule(SCHOOL_DAYS)), (_SOME_DAY, "")):
        if found := pattern.search(text):
            return _Said(rule, found.span())
    return None


def _code(name: str) -> str:
    return next(code for known, code in _DAY_CODE.items() if re.fullmatch(_ARTICLE + known, name))


def _windows(folded: Folded, *, has_days: bool) -> Iterator[Window]:
    """Each pair of clock times that are marked as such; "from 5 to 10 officers" and "05 28 82 14 33" are none.

    Hours in words need no mark where days are told as well (`has_days`), nor do bare ones with nothing counted after.
    """
    for found in _HOURS.finditer(folded.text):
        names = ("said", "mark", "half", *(("word",) if has_days else ()))
        is_marked = any(found[f"{name}{side}"] for name in names for side in (1, 2))
        is_marked |= bool(has_days and found["from"] and _ENDS.match(folded.text, found.end()))
        if not is_marked and not _COLON.search(folded.typed(*found.span())):
            continue
        half = found["half2"] or ""
        opens = _clock(found, 1, found["half1"] or (half if _is_told_of_both(found) else ""))
        closes = _clock(found, 2, half)
        if opens and closes:
            yield [opens, closes], found.span()


def _is_told_of_both(found: re.Match[str]) -> bool:
    """Whether "pm" after two clock times speaks for the first as well: "5 to 7 pm", not "9 to 12 pm"; a night does."""
    return found["half2"] == _NIGHT or _hour(found, 1) % 12 < _hour(found, 2) % 12


def _hour(found: re.Match[str], side: int) -> int:
    return int(found[f"hour{side}"] or _HOUR_WORDS[found[f"word{side}"]])


def _clock(found: re.Match[str], side: int, half: str) -> str:
    """One end of the hours as "HH:MM"; nothing for what no clock shows."""
    hour, minute = _hour(found, side), 30 if found[f"plus{side}"] else int(found[f"minute{side}"] or 0)
    if hour == 12 and half in {"am", _NIGHT}:
        hour = 0
    elif hour < 12 and (half in _AFTERNOON or (half == _NIGHT and hour >= 6)):
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 else ""


def _sound(windows: list[Window]) -> list[Window]:
    """The hours, if a schedule may have them; none otherwise."""
    hours = [each for each, _span in windows]
    try:
        validate_windows(hours)
    except ValidationError:
        return []
    return [] if overlap(hours) else windows


def _deadline(text: str, after: date | None) -> tuple[date, tuple[int, int]] | None:
    """The day by which, or on which, something is promised; one that is over by then is no promise."""
    for pattern in (_DEADLINE, _ON_A_DAY):
        for found in pattern.finditer(text):
            if (found["day"] or found["end"]) and (day := _day(found, after)) and not (after and day <= after):
                return day, found.span()
    within = _WITHIN.search(text)
    try:
        return (_later(after, within), within.span()) if after and within else None
    except (ValueError, OverflowError):  # beyond the calendar
        return None


def _later(after: date, found: re.Match[str]) -> date:
    """So many days, weeks, months or years later; of a shorter month its last day. Raises beyond the calendar."""
    unit = _DUALS.get(found["dual"] or "") or _UNIT_OF[found["unit"] or found["one"]]
    written = found["count"] or ("2" if found["dual"] else "1")
    count = int(written) if written.isdigit() else _COUNTS[written]
    if unit in {"day", "week"}:
        return after + timedelta(days=count * (7 if unit == "week" else 1))
    years, month = divmod(after.month - 1 + count * (12 if unit == "year" else 1), 12)
    last = last_of_month(after.year + years, month + 1)
    return min(last, last.replace(day=min(after.day, last.day)))


def _day(found: re.Match[str], after: date | None) -> date | None:
    """The day, or the last one of a month; without a year the next such day, and none where that cannot be told."""
    month = month_numbers().get(found["month"]) or int(found["month"])
    if not found["year"] and after is None:
        return None
    for year in [int(found["year"])] if found["year"] else [after.year, after.year + 1]:  # type: ignore[union-attr]
        try:
            day = day_of([int(found["day"]), year], [month]) if found["day"] else last_of_month(year, month)
        except ValueError:
            continue
        if found["year"] or day > after:  # type: ignore[operator]  # without a year there is a day to count from
            return day
    return None
