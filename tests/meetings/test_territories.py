"""The tree of territories: Morocco's as its package has it, and any other's from a CSV."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from meetings.models import Territory
from meetings.territories import BadTerritories, Unit, load, morocco, read_csv

HEADER = "code,level,parent,name_ar,name_fr,population\n"
SMALL = (
    Unit("1", "region", "", "جهة", "Région", 1000),
    Unit("1.1", "province", "1", "إقليم", "Province", None),
    Unit("1.1.1", "commune", "1.1", "جماعة", "Commune", 300),
)


def written(folder: Path, rows: str, encoding: str = "utf-8") -> Path:
    """A CSV of these rows."""
    path = folder / "territories.csv"
    path.write_text(HEADER + rows, encoding=encoding)
    return path


def said(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("load_territories", *arguments, stdout=out)
    return out.getvalue()


def test_morocco_has_12_regions_83_prefectures_and_provinces_1503_communes_and_41_arrondissements(db: None) -> None:
    assert said() == "Territories: 1639 added, 0 changed.\n"
    levels = Counter(Territory.objects.values_list("level", flat=True))
    assert (levels["region"], levels["prefecture"] + levels["province"]) == (12, 83)
    assert (levels["commune"], levels["arrondissement"]) == (1503, 41)
    assert said() == "Territories: 0 added, 0 changed.\n"


def test_ait_melloul_lies_in_its_prefecture_and_region(db: None) -> None:
    load(morocco())
    ait_melloul = Territory.objects.select_related(Territory.ANCESTRY).get(code="09.273.01.05")
    names = [(each.level, each.name_fr) for each in ait_melloul.ancestry]
    assert names == [("region", "Souss-Massa"), ("prefecture", "Inezgane-Aït Melloul"), ("commune", "Ait Melloul")]
    assert (ait_melloul.name_ar, ait_melloul.population) == ("آيت ملول", 210_870)


def test_a_renamed_territory_keeps_its_row_and_is_found_by_its_new_name(db: None) -> None:
    load(SMALL)
    before = Territory.objects.get(code="1.1.1").pk
    assert load([*SMALL[:2], SMALL[2]._replace(name_fr="Aït Neuve")]) == (0, 1)
    renamed = Territory.objects.get(code="1.1.1")
    assert (renamed.pk, renamed.name_fr) == (before, "Aït Neuve")
    assert "ait neuve" in renamed.folded


def test_a_territory_that_is_no_longer_listed_stays(db: None) -> None:
    load(SMALL)
    assert load(SMALL[:2]) == (0, 0)
    assert Territory.objects.count() == 3


def test_a_territory_moves_to_its_new_parent(db: None) -> None:
    load([*SMALL, Unit("1.2", "province", "1", "إقليم ثان", "Seconde", None)])
    assert load([*SMALL[:2], SMALL[2]._replace(parent="1.2")]) == (0, 1)
    parent = Territory.objects.get(code="1.1.1").parent
    assert parent is not None
    assert parent.code == "1.2"


def test_the_order_of_the_list_does_not_matter(db: None) -> None:
    assert load(reversed(SMALL)) == (3, 0)


def test_an_unknown_parent_loads_nothing(db: None) -> None:
    with pytest.raises(BadTerritories, match=r"1\.9\.9 lies in 1\.9, which is not in the list"):
        load([*SMALL, Unit("1.9.9", "commune", "1.9", "ا", "A", None)])
    assert Territory.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_is_read_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    rows = "1,region,,جهة,Région,1000\n1.1,province,1, إقليم ,Province,\n1.1.1,commune,1.1,جماعة,Commune,300\n"
    assert read_csv(written(tmp_path, rows, encoding)) == list(SMALL)


def test_the_command_loads_a_csv(db: None, tmp_path: Path) -> None:
    path = written(tmp_path, "1,region,,جهة,Région,\n")
    assert said(str(path)) == "Territories: 1 added, 0 changed.\n"


BAD_ROWS = [
    (",region,,جهة,Région,", "line 2: a code and both names are needed."),
    ("1,region,,,Région,", "line 2: a code and both names are needed."),
    ("1,region", "line 2: a code and both names are needed."),
    ("1,county,,جهة,Région,", "line 2: the level “county” is none of"),
    ("1,region,,جهة,Région,many", "line 2: the population “many” is no whole number."),
    ("1,region,,جهة,Région,-5", "line 2: the population “-5” is no whole number."),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS)
def test_a_bad_line_of_a_csv_is_named(tmp_path: Path, row: str, sentence: str) -> None:
    path = written(tmp_path, row + "\n")
    with pytest.raises(BadTerritories) as refused:
        read_csv(path)
    assert len(refused.value.errors) == 1
    assert refused.value.errors[0].startswith(f"{path}, {sentence}")


def test_every_bad_line_is_named_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "1,region,,جهة,Région,\n2,x,,ا,B,\n3,region,,ا,,\n")
    with pytest.raises(BadTerritories) as refused:
        read_csv(path)
    assert [error.split(":")[0] for error in refused.value.errors] == [f"{path}, line 3", f"{path}, line 4"]


def test_a_csv_without_its_columns_names_those_that_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "territories.csv"
    path.write_text("code,name_fr\n1,Région\n", encoding="utf-8")
    with pytest.raises(BadTerritories, match="these columns are missing: level, name_ar, parent, population"):
        read_csv(path)


@pytest.mark.parametrize("content", [None, "جهة".encode("cp1256"), b"\x89PNG\r\n\x1a\n\xff"])
def test_a_file_that_is_no_csv_gets_a_plain_sentence(db: None, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "territories.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="cannot be read as a UTF-8 CSV"):
        said(str(path))
