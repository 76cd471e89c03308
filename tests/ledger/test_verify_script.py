"""docs/verify.py, as a stranger runs it, on real downloads and on forged ones."""

import ast
import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ledger.hashing import commitment, entry_hash
from ledger.history import open_stream, redact
from ledger.models import Checkpoint, Stream
from ledger.sealing import seal
from tests.ledger.saying import NOW, root_of, say

SCRIPT = settings.BASE_DIR / "docs" / "verify.py"


class Download:
    """The files that a reader has: entries, and every checkpoint."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.entries, self.checkpoints = folder / "entries.ndjson", folder / "checkpoints.txt"

    def fetch(self, entries: str | None = None) -> None:
        """Download both from the site."""
        client = Client()
        got = b"".join(client.get(entries or reverse("ledger:entries")))
        self.lines = got.decode().splitlines(keepends=True)
        self.checkpoints.write_bytes(b"".join(client.get(reverse("ledger:checkpoints"))))

    def change(self, index: int, **members: Any) -> None:
        """Write over members of one line."""
        self.lines[index] = dumped(json.loads(self.lines[index]) | members) + "\n"

    def change_header(self, index: int, **words: Any) -> None:
        """Write over words of one header, with a hash to match."""
        text = dumped(json.loads(json.loads(self.lines[index])["header"]) | words)
        self.change(index, header=text, hash=entry_hash(text))

    def renumber(self) -> None:
        """Give the lines positions as if nothing had happened."""
        for index, line in enumerate(self.lines):
            if json.loads(line)["position"] is not None:
                self.change(index, position=index)

    def check(self, *arguments: str | Path) -> tuple[int, list[str]]:
        """Run the script as a stranger would; its exit status and what it says."""
        self.entries.write_text("".join(self.lines), encoding="utf-8", newline="\n")
        return self.run(*arguments)

    def run(self, *arguments: str | Path) -> tuple[int, list[str]]:
        """The same, on the file as it lies there."""
        command = [sys.executable, "-I", SCRIPT, self.entries, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=60)  # noqa: S603
        return done.returncode, (done.stdout + done.stderr).splitlines()

    def problems(self) -> list[str]:
        """What the script finds, given every checkpoint."""
        status, said = self.check("--checkpoint", self.checkpoints)
        assert status == 1
        assert said.pop() == f"The ledger is not as it was written: {len(said)} findings."
        return said


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.fixture
def download(log: Stream, tmp_path: Path) -> Download:
    made = Download(tmp_path)
    made.fetch()
    return made


def test_an_untouched_download_is_as_it_was_written(download: Download) -> None:
    status, said = download.check("--checkpoint", download.checkpoints)
    assert status == 0, said
    assert said == [
        "All is as it was written: 6 entries in 2 streams.",
        "Fields redacted in public: 1. Fields sealed from the public: 1.",
        f"Checkpoints borne out: 3, the last over 5 entries ({settings.LEDGER_ORIGIN}).",
        "Newer entries, which no checkpoint given vouches for: 1.",
    ]


def test_without_a_checkpoint_it_says_what_it_could_not_see(download: Download) -> None:
    status, said = download.check()
    assert status == 0
    assert said[-1].startswith("No checkpoint was given")


def test_an_empty_download_is_sound(db: None, tmp_path: Path) -> None:
    empty = Download(tmp_path)
    assert empty.check()[0] == 0


def test_yesterdays_checkpoint_bears_out_todays_download(download: Download, log: Stream) -> None:
    kept = download.folder / "kept.txt"
    kept.write_text(Checkpoint.objects.latest().text, encoding="utf-8")
    for _ in range(3):
        redact(say(log, {"text": "x", "note": "y"}), fields=["note"], reason="z", now=NOW)
        seal(NOW)
    redact(log.entries.get(number=1), fields=["text"], reason="Names a person.", now=NOW)
    download.fetch()
    for files in ([kept], [kept, download.checkpoints]):
        status, said = download.check(*(part for file in files for part in ("--checkpoint", file)))
        assert status == 0, said


def test_a_checkpoint_with_signatures_is_read_too(download: Download) -> None:
    signed = "".join(f"{each.text}\n\u2014 example.org/ledger c2lnbmF0dXJl\n\n" for each in Checkpoint.objects.all())
    download.checkpoints.write_text(signed, encoding="utf-8")
    status, said = download.check("--checkpoint", download.checkpoints)
    assert status == 0, said
    assert "Checkpoints borne out: 3" in said[2]


def test_a_field_that_is_opened_later_is_checked_then(stream: Stream, tmp_path: Path) -> None:
    say(stream, {"text": "x", "place": "y"}, sealed={"place": "2020-01-01"})
    download = Download(tmp_path)
    download.fetch()
    assert '"y' in download.lines[0]
    assert download.check()[0] == 0
    download.lines[0] = download.lines[0].replace(r"\"y\"", r"\"z\"")
    assert download.problems() == ["pledge/12 1: field place: not what the header commits to"]


def test_one_stream_is_checked_as_a_part(download: Download) -> None:
    download.fetch(reverse("ledger:stream", args=["pledge/12"]))
    status, said = download.check("--part")
    assert status == 0, said
    assert said[0] == "All is as it was written: 4 entries in 1 streams."
    del download.lines[1]
    assert download.check("--part")[0] == 1


@pytest.mark.parametrize("index", range(6))
def test_a_changed_byte_is_found_wherever_it_is(download: Download, index: int) -> None:
    whole = download.lines[index].encode()
    for at in range(0, len(whole) - 1, max(1, len(whole) // 9)):
        byte = bytes([whole[at] ^ 1])
        download.entries.write_bytes(
            "".join(download.lines[:index]).encode()
            + whole[:at]
            + byte
            + whole[at + 1 :]
            + "".join(download.lines[index + 1 :]).encode()
        )
        status, said = download.run("--checkpoint", download.checkpoints)
        assert status == 1, (at, whole)
        assert said[-1].startswith("The ledger is not as it was written")


def test_changed_words_are_named(download: Download) -> None:
    download.lines[1] = download.lines[1].replace("Mondays", "Tuesdays")
    assert download.problems() == ["pledge/12 2: field text: not what the header commits to"]


def test_a_changed_header_is_named(download: Download) -> None:
    download.lines[1] = download.lines[1].replace("district", "somebody")
    assert "pledge/12 2: the header is not the one that was hashed" in download.problems()


def test_a_changed_header_with_a_hash_to_match_is_named(download: Download) -> None:
    download.change_header(1, speaker="somebody")
    assert download.problems() == [
        "meeting/3 1: names a checkpoint of size 2 that these entries never had",
        "pledge/12 3: does not follow from number 2: one of the two was changed",
        "pledge/12 3: names a checkpoint of size 2 that these entries never had",
        "pledge/12 4: names a checkpoint of size 4 that these entries never had",
        "meeting/3 2: names a checkpoint of size 5 that these entries never had",
        *(
            f"checkpoint of size {size}: it sealed other entries than these; look at positions 0 to {size - 1}, "
            "or the checkpoint is not this site's"
            for size in (2, 4, 5)
        ),
    ]


def test_a_history_written_anew_is_contradicted_by_a_checkpoint(download: Download, tmp_path: Path) -> None:
    """All hashes are made to match; only the checkpoint that a reader kept tells."""
    forged: list[str] = []
    last: dict[str, str] = {}
    for index, line in enumerate(download.lines[:5]):
        header = json.loads(json.loads(line)["header"])
        words: dict[str, Any] = {"previous": last.get(header["stream"], "0" * 64), "checkpoint": None}
        if header["number"] == 2:
            words["speaker"] = "somebody"
        download.change_header(index, **words)
        last[header["stream"]] = json.loads(download.lines[index])["hash"]
        forged.append(last[header["stream"]])
    del download.lines[5]
    assert download.check()[0] == 0
    assert [problem.split(":")[0] for problem in download.problems()] == [
        "checkpoint of size 2",
        "checkpoint of size 4",
        "checkpoint of size 5",
    ]


@pytest.mark.parametrize("index", range(5))
def test_a_dropped_entry_is_noticed(download: Download, index: int) -> None:
    del download.lines[index]
    problems = download.problems()
    assert any(f"stands at position {index + 1} where {index} is due" in problem for problem in problems) or (
        index == 4 and "checkpoint of size 5: the download has 4 positions only" in problems
    )
    download.renumber()
    assert download.problems()


def test_a_cut_off_end_is_noticed(download: Download) -> None:
    del download.lines[3:]
    assert download.problems() == [
        "pledge/12 1: field note: missing, and no later entry redacts it",
        "checkpoint of size 4: the download has 3 positions only",
        "checkpoint of size 5: the download has 3 positions only",
    ]


@pytest.mark.parametrize("index", range(4))
def test_two_swapped_entries_are_noticed(download: Download, index: int) -> None:
    lines = download.lines
    lines[index], lines[index + 1] = lines[index + 1], lines[index]
    assert any("stands at position" in problem for problem in download.problems())
    download.renumber()
    assert download.problems()


def test_a_stream_left_out_is_noticed(download: Download) -> None:
    download.lines = [line for line in download.lines if "meeting/3" not in line]
    assert download.problems() == [
        "pledge/12 3: stands at position 3 where 2 is due; no root can be checked after it",
    ]
    download.renumber()
    assert "checkpoint of size 4: it sealed other entries" in "\n".join(download.problems())


def test_an_entry_given_twice_is_noticed(download: Download) -> None:
    download.lines.insert(1, download.lines[0])
    problems = download.problems()
    assert "pledge/12 1: follows number 1" in problems
    assert "pledge/12 1: stands at position 0 where 1 is due; no root can be checked after it" in problems


def test_an_entry_with_a_position_after_those_without_is_noticed(download: Download) -> None:
    download.lines[4], download.lines[5] = download.lines[5], download.lines[4]
    assert any("stands at position 4" in problem for problem in download.problems())


def test_words_missing_without_a_redaction_are_named(download: Download) -> None:
    content = json.loads(download.lines[0])["content"]
    del content["text"]
    download.change(0, content=content)
    assert download.problems() == ["pledge/12 1: field text: missing, and no later entry redacts it"]


def test_other_words_in_the_place_of_redacted_ones_are_named(download: Download) -> None:
    field = {"salt": "00" * 16, "value": '"a name"'}
    download.change(0, content=json.loads(download.lines[0])["content"] | {"note": field})
    assert download.problems() == ["pledge/12 1: field note: not what the header commits to"]


def test_words_redacted_while_the_download_ran_do_not_break_it(stream: Stream, tmp_path: Path) -> None:
    entry, download = say(stream), Download(tmp_path)
    download.fetch()
    before = download.lines[0]
    redact(entry, fields=["text"], reason="Names a person.", now=NOW)
    download.fetch()
    download.lines[0] = before
    assert download.check()[0] == 0


def test_a_field_that_nobody_committed_to_is_named(download: Download) -> None:
    field = {"salt": "00" * 16, "value": '"x"'}
    download.change(2, content=json.loads(download.lines[2])["content"] | {"other": field})
    assert download.problems() == ["meeting/3 1: field other: the header does not commit to it"]


@pytest.mark.parametrize(
    "field",
    [
        1,
        {},
        {"salt": "00", "value": "1"},
        {"salt": "00" * 16, "value": "01"},
        {"salt": "00" * 16, "value": "1", "x": 1},
    ],
)
def test_a_field_in_another_form_is_named(download: Download, field: Any) -> None:
    download.change(4, content={"text": field})
    [problem] = download.problems()
    assert problem.startswith("pledge/12 4: not in the ledger's format")


@pytest.mark.parametrize(
    "words",
    [
        {"redacts": {"number": 4, "fields": ["text"]}},
        {"redacts": {"number": 9, "fields": ["text"]}},
        {"kind": "redacted"},
        {"checkpoint": {"size": 3, "root": "f" * 64}},
        {"checkpoint": {"size": 5, "root": "f" * 64}},
        {"sealed": {"other": None}},
        {"version": "iltizam-ledger/2"},
        {"more": 1},
        {"number": "4"},
        {"commitments": []},
    ],
    ids=str,
)
def test_a_header_that_cannot_be_is_named(download: Download, words: dict[str, Any]) -> None:
    del download.lines[5]
    download.change_header(4, **words)
    status, said = download.check()
    assert status == 1
    assert said[0].startswith(("pledge/12 4:", "line 5:"))


@pytest.mark.parametrize("line", ["", "null", "[]", "{}", "not JSON", '{"a":1.5}', "[" * 100_000])
def test_a_line_that_is_no_entry_is_named(download: Download, line: str) -> None:
    download.lines.insert(2, line + "\n")
    [problem] = download.problems()
    assert problem.startswith("line 3: not an entry in the ledger's format")


def test_two_checkpoints_of_one_size_contradict_each_other(download: Download) -> None:
    other = download.folder / "other.txt"
    text = Checkpoint.objects.latest().text.splitlines()
    other.write_text(f"{text[0]}\n{text[1]}\n{'A' * 43}=\n", encoding="utf-8")
    status, said = download.check("--checkpoint", download.checkpoints, "--checkpoint", other)
    assert status == 1
    assert said[0] == "checkpoint of size 5: two different ones are given; the site has shown two histories"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--checkpoint", "missing.txt"],
        ["--checkpoint", str(SCRIPT)],
        ["--part", "--checkpoint", "{checkpoints}"],
        ["--unknown"],
    ],
)
def test_bad_usage_is_told_apart(download: Download, arguments: list[str]) -> None:
    given = [argument.format(checkpoints=download.checkpoints) for argument in arguments]
    status, said = download.check(*given)
    assert status == 2
    assert "error: " in said[-1]


def test_it_reads_the_tree_as_the_site_does(stream: Stream, tmp_path: Path) -> None:
    other = open_stream("meeting/3")
    download = Download(tmp_path)
    for count in (1, 1, 1, 5, 9):
        for turn in range(count):
            say(other if turn % 3 else stream)
        seal(NOW)
    download.fetch()
    hashes = [bytes.fromhex(json.loads(line)["hash"]) for line in download.lines]
    assert Checkpoint.objects.latest().root == root_of(hashes).hex()
    status, said = download.check("--checkpoint", download.checkpoints)
    assert status == 0, said


def test_the_script_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names


def test_the_example_in_the_description_is_true() -> None:
    text = (settings.BASE_DIR / "docs" / "ledger.md").read_text(encoding="utf-8")
    content, header, checkpoint = (
        text.split(f"```{name}\n")[1].split("\n```")[0] for name in ("content", "header", "checkpoint")
    )
    commitments = {name: commitment(field["salt"], field["value"]) for name, field in json.loads(content).items()}
    assert json.loads(header)["commitments"] == commitments
    root = root_of([bytes.fromhex(entry_hash(header))])
    assert f"`{entry_hash(header)}`" in text
    assert f"`{root.hex()}`" in text
    assert checkpoint.splitlines()[1:] == ["1", b64encode(root).decode()]
