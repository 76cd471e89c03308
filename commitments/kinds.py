"""The kinds of pledge that every installation starts with; administrators extend the table (DESIGN section 3)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings.search import fold_text

KINDS: tuple[tuple[str, str, str, str], ...] = (
    ("patrol", "دورية", "patrouille", "patrol"),
    ("security-campaign", "حملة أمنية", "campagne de sécurité", "security campaign"),
    ("checkpoint", "سدّ أمني", "barrage de contrôle", "checkpoint"),
    ("campus-hours", "حملة أوقات الدراسة", "campagne aux heures de cours", "campus-hours campaign"),
    ("arrests", "توقيف المبحوث عنهم", "interpellation des personnes recherchées", "arrest of wanted persons"),
    ("open-door", "باب مفتوح", "porte ouverte", "open door"),
    ("fixed-presence", "حضور قارّ", "présence fixe", "fixed presence"),
    ("lighting", "الإنارة والفضاء العام", "éclairage et espace public", "lighting and public space"),
    ("traffic", "السير والجولان", "circulation", "traffic"),
    ("awareness", "تحسيس", "sensibilisation", "awareness"),
    ("follow-up-meeting", "لقاء للتتبّع", "rencontre de suivi", "follow-up meeting"),
    ("information", "إخبار السكان", "information des habitants", "information"),
    ("other", "غير ذلك", "autre", "other"),
)

# By which anybody could tell that a pledge of the kind was kept: proposed to whoever writes one down, never stated by
# the record. A kind that administrators add has those of "other" (decision 0018).
SIGNS: dict[str, tuple[Any, ...]] = {
    "patrol": (
        _("Residents see the patrol on the days promised, in the streets named."),
        _("The precinct says each week on which days the patrol passed."),
    ),
    "security-campaign": (_("The agency says on which days, in which streets and with what result it took place."),),
    "checkpoint": (_("The checkpoint is seen at the place and in the hours promised."),),
    "campus-hours": (_("Officers are seen on the way to the school or campus when pupils and students come and go."),),
    "arrests": (_("The agency says how many wanted persons were arrested, by when, without naming anybody."),),
    "open-door": (_("Somebody who comes during the hours promised is received, without an appointment."),),
    "fixed-presence": (_("Officers are found at the place in the hours promised, at each visit."),),
    "lighting": (
        _("The lamps of the streets named are lit at night."),
        _("A photo by day and one by night show the place before and after."),
    ),
    "traffic": (_("The sign, marking or officer promised is seen at the crossing named."),),
    "awareness": (_("The session took place: its day, its place and how many people came are known."),),
    "follow-up-meeting": (_("The meeting took place on the day promised, and its minutes were handed out."),),
    "information": (_("The notice was posted or sent to the residents by the day promised."),),
    "other": (_("Anybody who goes there on the day promised can see that it was done."),),
}


def signs_of(slug: str) -> tuple[Any, ...]:
    """The signs to propose for a kind; none before one is chosen."""
    return SIGNS.get(slug, SIGNS["other"]) if slug else ()


def ensure_kinds(model: Any) -> None:
    """Add the kinds that are missing; `model` is PledgeKind, or what a migration knows of it."""
    for order, (slug, name_ar, name_fr, name_en) in enumerate(KINDS, start=1):
        names = {"name_ar": name_ar, "name_fr": name_fr, "name_en": name_en}
        folded = fold_text(" ".join(names.values()))
        model.objects.get_or_create(slug=slug, defaults={**names, "folded": folded, "order": order * 10})
