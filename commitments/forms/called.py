"""By what the organisations of a register are called in a text that was pasted: by their names, whole or shortened."""

import re
from collections.abc import Iterable
from functools import cached_property

from commitments.suggesting import (
    AGENCY_WORDS,
    ASSOCIATION_WORDS,
    BESIDE_ROLES,
    ROLE_WORDS,
    Folded,
    Phrases,
    Suggested,
    spelled_out,
)
from meetings.models import Meeting, Organisation
from meetings.register import Register
from meetings.search import fold_text

FEWEST_WORDS = 2  # of a name that is taken for the whole of it
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_WRITTEN_ONTO = re.compile(r"^[وف]?(?:بال|كال|لل|ال|[بلك](?=\w{4}))(?=\w{3})")


class Called:
    """The organisations that a draft may speak of. What could mean several of them means none."""

    def __init__(self, register: Register, meeting: Meeting) -> None:
        self.register, self.meeting = register, meeting

    @cached_property
    def by_slug(self) -> dict[str, Organisation]:
        """Every organisation by its address."""
        return {each.slug: each for each in self.register.listed}

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Each name, without what stands in brackets behind it, with the address of who is called so."""
        return [
            (_IN_BRACKETS.sub("", name), each.slug) for each in self.register.listed for name in each.names().values()
        ]

    @cached_property
    def whole(self) -> dict[str, str]:
        """The addresses of those that can be told by a whole name, by their folded names."""
        full = ((name, each.slug) for each in self.register.listed for name in each.names().values())
        return _told((fold_text(name), slug) for name, slug in (*self._names, *full))

    @cached_property
    def _shortened(self) -> dict[str, str]:
        """The same by the beginning of a name, also without its first word ("association")."""
        return _told(
            (" ".join(words[start:end]), slug)
            for name, slug in self._names
            for words in [_words(name)]
            for start in (0, 1)
            for end in range(start + FEWEST_WORDS, len(words) + 1)
        )

    @cached_property
    def agencies(self) -> dict[str, Organisation]:
        """The agencies that may have promised something, by their address."""
        return {slug: each for slug, each in self.by_slug.items() if each.is_agency}

    @cached_property
    def _agency_phrases(self) -> Phrases:
        """What speaks for an agency: its names, and what its kind is called where only one can be meant."""
        named = [(name, slug) for slug, each in self.agencies.items() for name in each.names().values()]
        return Phrases([*named, *((word, self._only_one(kind)) for word, kind in spelled_out(AGENCY_WORDS))])

    def _only_one(self, kind: str) -> str:
        """The agency of a kind that hosts the meeting, or else the only one nearby; nothing when several could be."""
        near = [each for each in self.agencies.values() if each.kind == kind and each.pk in self.register.near]
        hosts = [each for each in self.agencies.values() if each.kind == kind and each.pk == self.meeting.host_id]
        meant = hosts or near
        return meant[0].slug if len(meant) == 1 else ""

    @property
    def host(self) -> Organisation | None:
        """The agency that hosts the meeting."""
        return next((each for each in self.agencies.values() if each.pk == self.meeting.host_id), None)

    def agency_in(self, text: str) -> Suggested | None:
        """The agency named in a text, but for those that only help; without a value where several could be meant."""
        return self._agency_phrases.first_in(text, but_after_with=True)

    def in_role(self, role: str) -> Suggested | None:
        """For whom somebody with this role came: an organisation by a shortened name, or an agency."""
        for part in re.split(r"[,،]\s*", role):
            if found := self._shortened_in(part):
                return found
        return None if _ASSOCIATION.first_in(role) else self.agency_in(role)

    def _shortened_in(self, part: str) -> Suggested | None:
        """The organisation whose name, or its beginning, ends a part of a role: "treasurer of Association Hope"."""
        folded = Folded(part)
        words = folded.text.split()
        plain = [_WRITTEN_ONTO.sub("", word) for word in words]
        for start in range(len(words) - FEWEST_WORDS + 1):
            if slug := self._shortened.get(" ".join(plain[start:])):
                return Suggested(slug, folded.typed(len(" ".join(words[:start])) + bool(start), len(folded.text)))
        return None

    def is_office(self, words: str, organisation: str) -> bool:
        """Whether words that stand where a name is expected are a post alone, as "head of the district".

        Every word has to be one of a post, of an agency or of `organisation`, or of one that they end with: a name
        among them is nobody's to publish.
        """
        ending = self._shortened_in(words)
        slugs = [slug for slug in (organisation, ending.value if ending else "") if slug]
        names = [name for slug in slugs for name in self.by_slug[slug].names().values()]
        known = self._office_words | {word for name in names for word in _words(name)}
        said = _words(words)
        return bool(_ROLES & set(said)) and set(said) <= known

    @cached_property
    def _office_words(self) -> set[str]:
        agencies = (name for each in self.agencies.values() for name in each.names().values())
        return _ROLES | _BESIDE_ROLES | {word for name in agencies for word in _words(name)}


def _told(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each name with the one address that it stands for."""
    known: dict[str, str] = {}
    for name, slug in named:
        known[name] = slug if known.get(name, slug) == slug else ""
    return {name: slug for name, slug in known.items() if name and slug}


def _words(text: str) -> list[str]:
    """The words of a text, folded, without what Arabic writes onto them."""
    return [_WRITTEN_ONTO.sub("", word) for word in fold_text(text).split()]


_ASSOCIATION = Phrases((word, "association") for word in ASSOCIATION_WORDS.split(", "))
_ROLES = set(_words(ROLE_WORDS))
_BESIDE_ROLES = {*_words(BESIDE_ROLES), *(each for word, _kind in spelled_out(AGENCY_WORDS) for each in _words(word))}
