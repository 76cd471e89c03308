"""What the words of a pledge or of a concern speak for, with the word that says so. Knows no database."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from meetings.search import fold_text

# Words by which each kind of pledge (`kinds.KINDS`) is known, beside its own names; * stands for any ending.
KIND_WORDS = {
    "patrol": "دوريات, patrouill*, ronde, rondes, patrols",
    "security-campaign": "حملات أمنية, حملة تطهيرية, حملات تطهيرية, حملات تمشيطية, عمليات أمنية, "
    "campagnes de sécurité, campagne* sécuritaire*, opération* de sécurité, opération* coup de poing, ratissage*",
    "checkpoint": "سد قضائي, سدود أمنية, سدود قضائية, سدود, حاجز أمني, حواجز أمنية, نقطة تفتيش, نقط تفتيش, "
    "نقط المراقبة, barrage*, point* de contrôle, checkpoints",
    "arrests": "توقيف, إيقاف المبحوث, إيقاف الأشخاص, مبحوث عنهم, اعتقال, interpell*, arrestation*, "
    "personnes recherchées",
    "open-door": "باب مفتوح, أبواب مفتوحة, مفتوح, مفتوحا, مفتوحة, استقبال المواطنين, استقبال الجمعيات, "
    "portes ouvertes, ouvert aux associations, ouvert aux habitants, recevoir les associations, recevoir les habitants",
    "fixed-presence": "حضور دائم, نقطة قارة, فرقة قارة, مركز للشرطة, مركز شرطة, دائرة للشرطة, présence permanente, "
    "poste fixe, poste de police",
    "lighting": "إنارة, إضاءة, مصباح, مصابيح, أعمدة كهربائية, éclairage*, éclairer, lampadaire*, réverbère*",
    "traffic": "حركة السير, تنظيم السير, مرور, تشوير, ممر الراجلين, ممرات الراجلين, مخففات السرعة, circulation, "
    "stationnement, ralentisseur*, signalisation, passage* piéton*",
    "awareness": "تحسيس*, توعية, توعوية, sensibilis*",
    "follow-up-meeting": "لقاء, لقاءات, اجتماع, اجتماعات, rencontre*, réunion*, meeting*",
    "information": "إخبار, إشعار, إعلام, تبليغ الساكنة, inform*, numéro vert",
}
OTHER_KIND = "other"
# Hours say more than what is done in them: "security campaigns when students arrive" are campus-hours campaigns.
HOURS_WORDS = {
    "campus-hours": "أوقات الدراسة, أوقات الدخول, أوقات دخول, أوقات الخروج, أوقات خروج, دخول الطلبة, خروج الطلبة, "
    "دخول التلاميذ, خروج التلاميذ, heures de cours, heures d'entrée, heures de sortie, sortie des élèves, "
    "sortie des classes, sortie des étudiants",
}
THEME_WORDS = {
    "theft": "سرقة, سرقات, نشل, vol, vols, cambriolage*",
    "assault": "اعتداء, اعتداءات, ضرب وجرح, عنف, agression*, violence*",
    "drugs": "مخدر*, أقراص مهلوسة, حبوب مهلوسة, drogue*, stupéfiant*",
    "harassment": "تحرش, معاكسات, harcèlement",
    "lighting": KIND_WORDS["lighting"] + ", ظلام, obscurité",
    "traffic": KIND_WORDS["traffic"] + ", سير وجولان, حوادث السير, accident*, السرعة المفرطة, vitesse",
    "campus": "قطب جامعي, حرم جامعي, طلبة, campus, pôle universitaire, étudiants, étudiantes",
    "noise": "ضوضاء, ضجيج, إزعاج, bruit*, nuisance*, tapage",
    "presence": KIND_WORDS["patrol"] + ", دورية, حضور أمني, غياب الأمن, présence policière, présence sécuritaire",
    "communication": "تواصل, communication",
}
# By which an agency of each kind (`Organisation.Kind`) is called when its name is not given in full.
AGENCY_WORDS = {
    "police": "شرطة, عميد إقليمي, ضابط أمن, أمن وطني, منطقة أمنية, منطقة الأمن, مصالح الأمن, مصالح أمنية, police, "
    "commissaire, sûreté, commissariat",
    "gendarmerie": "درك ملكي, درك, gendarmerie",
    "auxiliary": "قوات مساعدة, forces auxiliaires",
    "authority": "سلطة محلية, سلطات محلية, باشا, باشوية, قائد المقاطعة, ملحقة إدارية, pacha*, caïd, autorité locale, "
    "autorités locales",
    "commune": "الجماعة, للجماعة, جماعة ترابية, مجلس جماعي, مجلس بلدي, بلدية, la commune, "
    "conseil communal, municipalité",
}
# By which a group of residents is known; who speaks for one is not of the agency that its name may speak of.
ASSOCIATION_WORDS = (
    "جمعية, جمعيات, ودادية, تعاونية, فدرالية, فيدرالية, رابطة, نقابة, مجتمع مدني, ساكنة, association*, amicale, "
    "coopérative, fédération, syndicat*, société civile, habitants, residents"
)
# Posts, and what else people are, that nobody is called by. Not أمين, شيخ, خليفة or قائد: people are.
ROLE_WORDS = """
رئيس رئيسة مدير مديرة والي باشا عميد ضابط مفتش كاتب كاتبة ممثل ممثلة ممثلو ممثلي مندوب مندوبة مستشار مستشارة
مسؤول مسؤولة منسق منسقة عضو عضوة أعضاء نائب نائبة président présidente directeur directrice chef commissaire
pacha caïd gouverneur secrétaire représentant représentante représentants délégué déléguée conseiller conseillère
responsable membre membres officier president director head chief secretary representative representatives member
members officer

ساكن ساكنة ساكنات سكان مواطن مواطنة مواطنون مواطنين نساء شباب طالب طالبة طلبة تلميذ تلميذة تلاميذ تاجر تاجرة تجار
حرفي حرفية حرفيون فاعل فاعلة فاعلون جمعوي جمعوية جمعويون أستاذ أستاذة أساتذة متقاعد متقاعدة أمهات آباء
habitant habitante habitants habitantes riverain riveraine riverains commerçant commerçante commerçants étudiant
étudiante étudiants élève élèves parents citoyen citoyenne citoyens enseignant enseignante enseignants retraité
retraitée retraités femmes jeunes acteur actrice acteurs associatif associative resident residents citizen citizens
shopkeeper shopkeepers trader traders student students parent teacher teachers
"""
# What else stands beside a post.
BESIDE_ROLES = """
السيد السيدة السادة عن في من على لدى إقليم إقليمي إقليمية جهة جهوي جهوية محلي محلية عام عامة أول أولى دائرة
منطقة مصلحة مصالح قسم مكتب ديوان مقاطعة عمالة ولاية مفوضية monsieur madame m mme le la les l d de du des et au aux
en général générale adjoint adjointe district service division bureau préfecture province arrondissement cabinet
mr mrs the of for and from deputy general local office security
حي الحي أحياء شارع زنقة سوق مدرسة ثانوية إعدادية كلية جامعة ساحة أولياء quartier rue marché école lycée collège faculté
université place neighbourhood street market school university
"""
# Whose matter a kind of pledge is, whoever hosts the meeting: lamps are the commune's (organic law 113-14, article 83).
MATTER_OF = {"lighting": "commune"}
# "And", "so", "in", "for", "like" and the article are written onto the word that follows them.
_ATTACHED = "[وف]?(?:بال|كال|ال|لل|[بلك])?"
_PREFIXES = [before + each for before in ("", "و", "ف") for each in ("", "بال", "كال", "ال", "لل", "ب", "ل", "ك")]
# "With": whoever is named after it helps, and does not answer.
_WITH = re.compile(r"(?:^| )(?:و?مع|avec|with)(?: \w+)? $")


class Suggested(NamedTuple):
    """What a text speaks for, and the word of it that says so (none when something else does).

    The value is empty when the word could speak for several things.
    """

    value: str
    word: str


def spelled_out(words: dict[str, str]) -> list[tuple[str, str]]:
    """The words of a table above, each with what it speaks for."""
    return [(word, value) for value, listed in words.items() for word in listed.split(", ")]


class Folded:
    """A text as search compares it, which knows how each part of it was typed."""

    def __init__(self, text: str) -> None:
        self._tokens = text.split()
        known = [(word, at) for at, token in enumerate(self._tokens) for word in fold_text(token).split()]
        self._places = [at for _word, at in known]
        self.text = " ".join(word for word, _at in known)

    def typed(self, start: int, end: int) -> str:
        """What was typed where the folded text has these whole words, without the signs around it."""
        first, last = (self._places[self.text[:at].count(" ")] for at in (start, end))
        return re.sub(r"^\W+|\W+$", "", " ".join(self._tokens[first : last + 1]))


class Phrases:
    """Phrases, each with what it speaks for; one that speaks for several things is known, and suggests nothing.

    There may be thousands, the names of every agency: in a text those alone are looked for whose rarest word it holds.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        meaning: dict[str, str] = {}
        words: dict[str, set[str]] = {}
        for phrase, value in phrases:
            if pattern := _pattern(phrase):
                meaning[pattern] = value if meaning.get(pattern, value) == value else ""
                words[pattern] = _whole_words(phrase)
        self.patterns = sorted(meaning, key=lambda pattern: (-len(pattern), pattern))  # of several the longest counts
        self.values = [meaning[pattern] for pattern in self.patterns]
        how_often = Counter(word for each in words.values() for word in each)
        self.by_word: dict[str, list[int]] = defaultdict(list)  # "" for those without a whole word
        for place, pattern in enumerate(self.patterns):
            self.by_word[min(words[pattern], key=lambda word: (how_often[word], word), default="")].append(place)

    def first_in(self, text: str, *, but_after_with: bool = False) -> Suggested | None:
        """What the first phrase in the text speaks for; `but_after_with` passes over who only helps."""
        folded = Folded(text)
        passed = 0
        for start, place, end in self._found(folded.text):
            if start < passed:
                continue
            if but_after_with and _WITH.search(folded.text[:start]):
                passed = end
                continue
            return Suggested(self.values[place], folded.typed(start, end))
        return None

    def _found(self, text: str) -> list[tuple[int, int, int]]:
        """Where each phrase stands: its beginning, its place in the order, its end; the first and longest on top."""
        held = {word.removeprefix(each) for word in set(text.split()) for each in _PREFIXES} | {""}
        places = [place for word in held for place in self.by_word.get(word, ())]
        found = ((each.span(), place) for place in places for each in _whole(self.patterns[place]).finditer(text))
        return sorted((start, place, end) for (start, end), place in found)


@lru_cache(maxsize=4096)
def _whole(pattern: str) -> re.Pattern[str]:
    """The pattern of a phrase that is made of whole words."""
    return re.compile(rf"(?<!\S){pattern}(?!\S)")


def _whole_words(phrase: str) -> set[str]:
    """The words that a text has to hold for the phrase to stand in it; of one with any ending, those before it."""
    words = set()
    for typed in phrase.split():
        parts = _parts(typed)
        words |= set(parts[:-1] if typed.endswith("*") else parts)
    return words


@lru_cache(maxsize=4096)
def _parts(typed: str) -> list[str]:
    """What a word is when folded: the same few stand in a thousand names."""
    return fold_text(typed).split()


class KindWords:
    """What speaks for a kind of pledge, hours before all else: the words known here, and the kinds' own names.

    `named` are the names of each kind of this installation by its address; nothing speaks for "other".
    """

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        kinds = {slug: names for slug, names in named.items() if slug != OTHER_KIND}
        hours, others = (
            [each for each in spelled_out(words) if each[1] in kinds] for words in (HOURS_WORDS, KIND_WORDS)
        )
        self._phrases = [Phrases(hours), Phrases([*others, *((name, slug) for slug in kinds for name in kinds[slug])])]

    def of(self, text: str) -> Suggested | None:
        """The kind that a pledge's words speak for."""
        return next((found for each in self._phrases if (found := each.first_in(text))), None)


def _pattern(phrase: str) -> str:
    """How a phrase looks in folded text, its words with or without what Arabic writes onto them."""
    words = []
    for typed in phrase.split():
        parts = [_ATTACHED + re.escape(part) for part in _parts(typed)]
        words += [*parts[:-1], parts[-1] + r"\w*"] if parts and typed.endswith("*") else parts
    return " ".join(words)
