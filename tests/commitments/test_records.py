"""Records in files: what is loaded, what is refused and in which words."""

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from commitments.correcting import correct_pledge
from commitments.models import Pledge
from commitments.record_schema import FILE_LIMIT, SECTIONS, SHAPES, BadRecord, Key
from commitments.records import load
from ledger.models import Entry
from meetings.models import Concern, Meeting, MeetingSeries, Neighbourhood, Organisation, Participant, Territory
from tests.cast import Cast
from tests.factories import NeighbourhoodFactory, OrganisationFactory, TerritoryFactory
from tools.setup import ROOT

AZROU = ROOT / "seeds" / "azrou-2019-01-09.json"
SCHEMA = ROOT / "seeds" / "SCHEMA.md"
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def ait_melloul(db: None) -> Territory:
    territory: Territory = TerritoryFactory.create(code="09.273.01.05")
    return territory


def record(**changes: Any) -> dict[str, Any]:
    """A record that can be loaded, with changes; a value of None takes the key away."""
    whole = {
        "reference": "somewhere-2026",
        "language": "ar",
        "title": "لقاء",
        "held_on": "2026-03-02",
        "host": "district",
        "neighbourhoods": ["somewhere"],
        "places": [
            {"slug": "somewhere", "kind": "village", "name_ar": "مكان", "name_fr": "Lieu", "territory": "09.273.01.05"}
        ],
        "organisations": [{"slug": "district", "kind": "police", "name_ar": "منطقة", "name_fr": "District"}],
        "pledges": [pledge()],
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def pledge(**changes: Any) -> dict[str, Any]:
    """A pledge of such a record."""
    return {"title": "دورية", "kind": "patrol", "responsible": "district", "timing": "ongoing", **changes}


def written(folder: Path, *records: object) -> list[Path]:
    """The records as files a.json, b.json …"""
    paths = [folder / f"{'abc'[index]}.json" for index in range(len(records))]
    for path, each in zip(paths, records, strict=True):
        path.write_text(json.dumps(each, ensure_ascii=True), encoding="utf-8")
    return paths


def refusals(folder: Path, *records: object) -> list[str]:
    """The errors that loading these gives, without the folder."""
    with pytest.raises(BadRecord) as refused:
        load(written(folder, *records), now=NOW)
    assert (Meeting.objects.count(), Entry.objects.count(), Organisation.objects.count()) == (0, 0, 0)
    return [error.replace(f"{folder}/", "") for error in refused.value.errors]


def test_one_error_in_the_seventh_pledge_leaves_nothing_of_the_record(ait_melloul: Territory, tmp_path: Path) -> None:
    pledges = [pledge(kind="rumour" if number == 7 else "patrol") for number in range(1, 9)]
    (refusal,) = refusals(tmp_path, record(pledges=pledges))
    assert refusal.startswith("a.json: pledges, 7")
    assert "rumour" in refusal


# The record of Azrou


@pytest.fixture
def azrou(ait_melloul: Territory) -> Meeting:
    load([AZROU], now=NOW)
    return Meeting.objects.get()


def test_azrou_is_published_by_the_site_as_the_source_has_it(azrou: Meeting) -> None:
    assert (azrou.state, azrou.logged_by, azrou.is_fictional) == ("published", None, False)
    assert (str(azrou.held_on), azrou.starts_at, azrou.people, azrou.associations) == ("2019-01-09", None, None, None)
    assert set(Entry.objects.values_list("speaker", flat=True)) == {"site"}
    assert [each.url for each in azrou.sources.all()] == ["https://anfaspress.com/news/print/46831-2019-01-12-04-03-42"]
    assert [each.name for each in azrou.participants.exclude(name="")] == ["محمد اليازيدي"]


def test_azrou_has_five_pledges_without_a_date_an_hour_or_an_answer(azrou: Meeting) -> None:
    found = azrou.pledges.values_list(
        "kind__slug", "timing", "status", "due_on", "starts_on", "rule", "sign_from", "is_vague"
    )
    nothing = ("no_answer", None, None, "", "site", False)
    assert list(found) == [
        ("security-campaign", "not_stated", *nothing),
        ("campus-hours", "recurring", *nothing),
        ("checkpoint", "not_stated", *nothing),
        ("arrests", "not_stated", *nothing),
        ("open-door", "ongoing", *nothing),
    ]
    assert {(each.wording, each.assessment, each.heard_on, *each.windows) for each in azrou.pledges.all()} == {
        ("not_answered", "not_checked", None)
    }
    assert Entry.objects.filter(stream__pledge__meeting=azrou).count() == 5


def test_every_text_of_azrou_is_there_in_three_languages() -> None:
    def texts(section: str, part: dict[str, Any]) -> set[str]:
        model = {"participants": Participant, "concerns": Concern, "pledges": Pledge}.get(section, Meeting)
        typed = {field.name for field in model._meta.fields if type(field).__name__ in {"Line", "Prose"}}
        return typed & part.keys()

    azrou = json.loads(AZROU.read_text(encoding="utf-8"))
    parts = [("", azrou)]
    parts += [(section, part) for section in ("participants", "concerns", "pledges") for part in azrou[section]]
    for section, part in parts:
        assert {language: set(said) for language, said in part["translations"].items()} == {
            "fr": texts(section, part),
            "en": texts(section, part),
        }


# Loading


def test_loading_a_record_again_changes_nothing_and_says_so(ait_melloul: Territory, tmp_path: Path) -> None:
    paths = written(tmp_path, record())
    assert load(paths, now=NOW) == [f"{paths[0]}: somewhere-2026 published with 1 pledges."]
    before = Entry.objects.count()
    assert load(paths, now=NOW) == [f"{paths[0]}: somewhere-2026 is published already."]
    assert (Entry.objects.count(), Meeting.objects.count(), Neighbourhood.objects.count()) == (before, 1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "لقاء آخر"},
        {"pledges": [pledge(), pledge()]},
        {"pledges": [pledge(title="سدّ")]},
        {"concerns": [{"theme": "theft", "text": "سرقة"}]},
    ],
)
def test_a_file_that_no_longer_says_what_was_published_asks_for_a_correction(
    ait_melloul: Territory, tmp_path: Path, changes: dict[str, Any]
) -> None:
    load(written(tmp_path, record()), now=NOW)
    (report,) = load(written(tmp_path, record(**changes)), now=NOW)
    assert "changed by a correction" in report
    assert (Meeting.objects.count(), Meeting.objects.get().title, Pledge.objects.get().title) == (1, "لقاء", "دورية")


def test_a_record_keeps_what_is_there_under_the_same_public_id(ait_melloul: Territory, tmp_path: Path) -> None:
    NeighbourhoodFactory.create(slug="somewhere", name_fr="Ancien nom")
    OrganisationFactory.create(slug="district", name_fr="Ancien district")
    load(written(tmp_path, record()), now=NOW)
    assert Neighbourhood.objects.get().name_fr == "Ancien nom"
    assert Organisation.objects.get().name_fr == "Ancien district"


def test_every_key_reaches_the_record(ait_melloul: Territory, tmp_path: Path) -> None:
    first = record(reference="first")
    whole = json.loads((Path(__file__).parent / "whole_record.json").read_text(encoding="utf-8"))
    used = {"record": set(whole), **{name: set(whole[name][0]) for name in SECTIONS.keys() & whole.keys()}}
    used["pledges"].add("due_on")  # which a recurring pledge cannot have
    assert used == {section: set(keys) for section, keys in SECTIONS.items()}
    load(written(tmp_path, first, whole), now=NOW)
    meeting = Meeting.objects.get(reference="whole-2026")
    made = meeting.pledges.get()
    assert meeting.follows_up == Meeting.objects.get(reference="first")
    assert meeting.series == MeetingSeries.objects.get()
    assert (meeting.people, str(meeting.starts_at), meeting.format) == (30, "10:00:00", "walk")
    assert [each.slug for each in meeting.neighbourhoods.all()] == ["elsewhere"]
    assert str(Neighbourhood.objects.get(slug="elsewhere").latitude) == "30.34000"
    assert Organisation.objects.get(slug="precinct").parent == Organisation.objects.get(slug="district")
    assert list(Organisation.objects.get(slug="precinct").territories.all()) == [ait_melloul]
    assert made.said_by == meeting.participants.get()
    assert list(made.concerns.all()) == list(meeting.concerns.all())
    assert [each.slug for each in made.partners.all()] == ["district"]
    assert (str(made.starts_on), made.windows, made.is_time_restricted) == ("2026-03-03", [["18:00", "20:00"]], True)
    assert meeting.translations == {"fr": {"title": "Rencontre"}}


def test_a_corrected_record_still_counts_as_the_one_that_was_loaded(cast: Cast, tmp_path: Path) -> None:
    TerritoryFactory.create(code="09.273.01.05")
    paths = written(tmp_path, record())
    load(paths, now=NOW)
    Meeting.objects.update(logged_by=cast.association)
    correct_pledge(Pledge.objects.get(), changes={"title": "دوريتان"}, reason="سهو", by=cast.manager, now=NOW)
    Meeting.objects.update(logged_by=None)
    assert load(paths, now=NOW) == [f"{paths[0]}: somewhere-2026 is published already."]


# Refusing

# What is changed in a sound record (null takes a key away), and the sentence that this is refused with.
BAD = json.loads((Path(__file__).parent / "bad_records.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_what_is_wrong_with_a_record_is_said_by_its_place(
    ait_melloul: Territory, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    assert refusals(tmp_path, record(**changes)) == [f"a.json: {sentence}"]


@pytest.mark.parametrize(("name", "limit"), [("title", 300), ("summary", 10_000)])
def test_a_text_that_is_too_long_is_refused(ait_melloul: Territory, tmp_path: Path, name: str, limit: int) -> None:
    sentence = f"Ensure this value has at most {limit} characters (it has {limit + 1})."
    assert refusals(tmp_path, record(**{name: "ا" * (limit + 1)})) == [f"a.json: {name}: {sentence}"]


def test_every_error_of_every_file_is_told_and_nothing_is_loaded(ait_melloul: Territory, tmp_path: Path) -> None:
    sound = record(reference="sound")
    pledges = [pledge(), pledge(kind="x"), pledge(title=""), pledge(timing="by_date", due_on="2026-01-01")]
    broken = record(reference="broken", host="nobody", pledges=pledges)
    assert refusals(tmp_path, sound, broken, []) == [
        "b.json: the host “nobody” is unknown.",
        "b.json: pledges, 2: the kind “x” is unknown.",
        "b.json: pledges, 3: title: This field cannot be blank.",
        "b.json: Pledge 4: its due date is before the meeting.",
        "c.json holds no record: a record is one JSON object (seeds/SCHEMA.md).",
    ]


def test_two_files_of_one_run_may_not_share_a_reference(ait_melloul: Territory, tmp_path: Path) -> None:
    (error,) = refusals(tmp_path, record(), record(title="غيره"))
    assert error.startswith("b.json: the reference “somewhere-2026” is also that of ")


def test_a_real_record_refers_to_nothing_fictional(ait_melloul: Territory, tmp_path: Path) -> None:
    OrganisationFactory.create(slug="district", is_fictional=True)
    with pytest.raises(BadRecord, match="the host “district” is unknown"):
        load(written(tmp_path, record()), now=NOW)


FILES: list[tuple[bytes, str]] = [
    (b"", "cannot be read as JSON"),
    (b'{"reference": ', "cannot be read as JSON"),
    (b'{"people": NaN}', "NaN is no number"),
    (b'{"title": "a", "title": "b"}', "stands twice in the same object"),
    (b"[" * 100_000, "cannot be read as JSON"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", "is no text in UTF-8"),
    (b"\xff\xd8\xff\xe0", "is no text in UTF-8"),
    (b'"a"', "holds no record"),
    (b" " * (FILE_LIMIT + 1), "is larger than 1,000,000 bytes"),
]


@pytest.mark.parametrize(("content", "sentence"), FILES)
def test_a_file_that_is_no_record_gets_a_plain_sentence(
    db: None, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("load_record", str(path))
    assert str(refused.value).startswith(f"Nothing was loaded.\n{path} ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_opened_gets_a_plain_sentence(db: None, tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="cannot be opened: "):
        call_command("load_record", str(tmp_path / name))


def test_the_command_says_what_became_of_each_file(ait_melloul: Territory, tmp_path: Path) -> None:
    paths, out = written(tmp_path, record()), StringIO()
    call_command("load_record", *map(str, paths), stdout=out)
    assert out.getvalue() == f"{paths[0]}: somewhere-2026 published with 1 pledges.\n"


# The schema in words


def documented() -> dict[str, dict[str, Key]]:
    """The keys of each section as SCHEMA.md lists them."""
    found: dict[str, dict[str, Key]] = {}
    section = ""
    for line in SCHEMA.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.strip("# `").replace("The record", "record")
            found[section] = {}
        elif row := re.fullmatch(r"\| `(\w+)` \| (\w+) \| (yes|) ?\| .* \|", line):
            found[section][row[1]] = Key(row[2], is_required=bool(row[3]))
    return found


def test_the_schema_lists_every_key_as_the_loader_reads_it() -> None:
    assert documented() == SECTIONS


def test_the_schema_explains_every_word_for_what_a_key_holds() -> None:
    explained = re.search(r"\| word \| what \|\n(.*?)\n\n", SCHEMA.read_text(encoding="utf-8"), re.DOTALL)
    assert explained
    words = {word for row in explained[1].splitlines()[1:] for word in row.split("|")[1].strip().split(", ")}
    assert words == set(SHAPES)


CHOICES: list[tuple[str, type[models.Model], str]] = [
    ("record", Meeting, "language"),
    ("record", Meeting, "format"),
    ("places", Neighbourhood, "kind"),
    ("organisations", Organisation, "kind"),
    ("participants", Participant, "side"),
    ("participants", Participant, "naming"),
    ("concerns", Concern, "theme"),
    ("pledges", Pledge, "sign_from"),
    ("pledges", Pledge, "timing"),
]


@pytest.mark.parametrize(("section", "model", "name"), CHOICES)
def test_the_schema_lists_every_choice(section: str, model: type[models.Model], name: str) -> None:
    heading = "## The record" if section == "record" else f"## `{section}`"
    tables = SCHEMA.read_text(encoding="utf-8").split(heading)[1].split("\n## ")[0]
    row = re.search(rf"\| `{name}` \|.*", tables)
    assert row
    choices = getattr(model._meta.get_field(name), "choices", None) or ()
    assert choices
    assert [value for value, _label in choices if f"`{value}`" not in row[0]] == []
