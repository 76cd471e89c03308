"""The kinds of pledge that every installation starts with; administrators extend the table (DESIGN section 3)."""

from typing import Any

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


def ensure_kinds(model: Any) -> None:
    """Add the kinds that are missing; `model` is PledgeKind, or what a migration knows of it."""
    for order, (slug, name_ar, name_fr, name_en) in enumerate(KINDS, start=1):
        names = {"name_ar": name_ar, "name_fr": name_fr, "name_en": name_en}
        folded = fold_text(" ".join(names.values()))
        model.objects.get_or_create(slug=slug, defaults={**names, "folded": folded, "order": order * 10})
