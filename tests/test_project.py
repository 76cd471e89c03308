"""The rules of the repository: what documents promise, what code looks like, what never gets in."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import cache
from tools.setup import ROOT

APPS = ("config", "ledger", "mail", "accounts", "attachments", "meetings", "commitments")
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 40
LOCKS = ("requirements.txt", "requirements-dev.txt")


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository, those not committed yet included."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *patterns,
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - git alone
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """A file's text; nothing for a font or a picture."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def found(pattern: str, paths: list[Path], flags: int = re.IGNORECASE) -> list[str]:
    """Where a pattern occurs, as `file:line: text`."""
    expression = re.compile(pattern, flags)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if expression.search(line)
    ]


def documentation() -> str:
    """All that a reader is given."""
    return "\n".join(text_of(path) for path in tracked("*.md"))


def source_of_apps() -> list[Path]:
    """The applications' Python, without migrations."""
    return [path for path in tracked(*(f"{app}/*.py" for app in APPS)) if "migrations" not in path.parts]


# What never gets in


def test_no_file_names_a_package_index() -> None:
    hosts = "|".join(("py" + r"pi\.org", r"python" + r"hosted\.org", "registry" + r"\.npm", "registry" + r"\.yarn"))
    assert found(rf"{hosts}|^\s*--(extra-)?index-url|^\s*--find-links", tracked()) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert found(r"(?<![\w.])/(home|Users|work|root)/\w", tracked(), flags=0) == []


# Two directions, one stylesheet


PHYSICAL = (
    r"(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)\b"
    r"|(^|[\s;{])(left|right)\s*:"
    r"|(text-align|float|clear|caption-side)\s*:\s*(left|right)\b"
    r"|border-(top|bottom)-(left|right)-radius"
    r"|\bto (left|right)\b|background-position\s*:[^;]*\b(left|right)\b"
)


def test_styles_name_no_physical_side() -> None:
    assert found(PHYSICAL, tracked("static/css/*.css")) == []


def test_templates_name_no_physical_side() -> None:
    attribute = r"""\b(class|dir|align|style|data-[\w-]+)=["'][^"']*\b(left|right)\b"""
    assert found(attribute, tracked("templates/*", "*/templates/*")) == []


def test_templates_hold_no_style_and_no_script_of_their_own() -> None:
    letters = tracked("templates/mail/*.html")  # read elsewhere, where a style sheet is dropped
    templates = [path for path in tracked("templates/*.html", "*/templates/*.html") if path not in letters]
    own_script = r"<script(?![^>]*\b(src=|type=\"application/(ld\+)?json\"))"
    assert found(rf"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:|{own_script}", templates) == []


def test_pages_ask_nobody_else_for_anything() -> None:
    templates = tracked("templates/*.html", "*/templates/*.html")
    assert found(r"<(script|img|iframe|source|link)[^>]*\b(src|href)=[\"'](https?:)?//", templates) == []
    assert found(r"@import|url\(\s*[\"']?(https?:)?//", tracked("static/css/*.css")) == []


# A file answers one question


def test_no_file_of_an_app_answers_two_questions() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in source_of_apps()
        if (count := len(text_of(path).splitlines())) > LINES_OF_A_FILE
    ]
    assert long == []


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the applications and of the tools."""
    for path in [*source_of_apps(), *tracked("tools/*.py")]:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {count} lines"
        for path, node in functions()
        if (count := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES_OF_A_FUNCTION
    ]
    assert long == []


# Documents and code say the same


def settings_read() -> set[str]:
    """The environment variables that config/settings.py reads."""
    calls = (node for node in ast.walk(ast.parse(text_of(ROOT / "config/settings.py"))) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if re.fullmatch(r"env(\.\w+)?|required", ast.unparse(call.func))
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_the_page_of_settings_lists_each_setting_and_none_that_is_gone() -> None:
    listed = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", text_of(ROOT / "docs/settings.md"), re.MULTILINE))
    assert listed == settings_read()


def targets() -> set[str]:
    """The targets of the Makefile that have a line of help."""
    return set(re.findall(r"^([a-z]+):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE))


def commands() -> set[str]:
    """The management commands of the applications."""
    return {
        path.stem
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if not path.stem.startswith("_")
    }


def test_documents_name_each_make_target_and_none_that_is_gone() -> None:
    assert set(re.findall(r"`make ([a-z]+)", documentation())) == targets()


def test_documents_name_each_management_command_and_none_that_is_gone() -> None:
    django = {"migrate", "collectstatic", "check", "createsuperuser", "makemigrations", "makemessages", "shell"}
    django |= {"db_worker", "prune_db_task_results"}  # of django-tasks-db
    named = set(re.findall(r"`(?:python )?manage\.py ([a-z_]+)", documentation()))
    assert (commands() - named, named - commands() - django) == (set(), set())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_pins_each_package_by_version_and_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text_of(ROOT / lock), flags=re.IGNORECASE)[1:]
    loose = [entry.split()[0] for entry in entries if not re.match(r"\S+==\S+ \\\n\s+--hash=sha256:", entry)]
    assert loose == []


def test_both_lock_files_agree() -> None:
    pins = [dict(re.findall(r"^([\w.-]+)==(\S+)", text_of(ROOT / lock), re.MULTILINE)) for lock in LOCKS]
    assert pins[0].items() <= pins[1].items()


def test_a_cache_that_drops_entries_by_number_keeps_enough_of_them() -> None:
    """Django hands the options of a Redis to its connection, which knows none of ours."""
    kept = {url: cache(url).get("OPTIONS", {}) for url in ("filecache:///var/tmp/x", "rediscache://host:6379/0")}
    assert kept == {"filecache:///var/tmp/x": {"MAX_ENTRIES": 20_000}, "rediscache://host:6379/0": {}}


def test_a_setting_that_is_missing_is_said_in_one_sentence() -> None:
    command = [sys.executable, "manage.py", "check"]
    said = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "SECRET_KEY is not set. Set it in the environment; docs/settings.md says how.\n"
