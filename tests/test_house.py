"""The laws of the house, checked by machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from attendance.outcomes import TABLE
from policy.refusals import SENTENCES

ROOT = Path(__file__).resolve().parent.parent
CODE = [path for app in ("policy", "attendance", "config") for path in (ROOT / app).rglob("*.py")]
OURS = [path for path in CODE if "migrations" not in path.parts]
API_DOC = (ROOT / "docs/api.md").read_text()
SETTINGS_DOC = (ROOT / "docs/settings.md").read_text()


def test_imports_go_one_way():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def routes(resolver=None, prefix: str = "") -> list[str]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += routes(entry, path)
        elif isinstance(entry, URLPattern):
            found.append(path)
    return found


def test_every_route_of_the_api_is_documented():
    api = [re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path) for path in routes() if path.startswith("api/v1/")]
    named = [path.removeprefix("api/v1/") for path in api if path != "api/v1/" and "{anything}" not in path]
    assert len(named) > 15
    assert [path for path in named if f"`{path}`" not in API_DOC] == []


def test_every_reason_is_documented_in_the_order_of_the_table():
    rows = re.findall(r"^\| `(\w+)` \| (refused|review|accepted) \| (\w+) \|", API_DOC, re.MULTILINE)
    assert rows == [(reason, *outcome) for reason, outcome in TABLE.items()] + [("ok", "accepted", "yes")]


def error_codes() -> set[str]:
    """Every code that our own code raises."""
    text = "\n".join(path.read_text() for path in OURS)
    patterns = (
        r'DomainError\(\s*"(\w+)"',
        r'default_code = "(\w+)"',
        r'(?:AuthenticationFailed|PermissionDenied)\([^)]*code="(\w+)"',
        r'self\.forbid\("(\w+)"',
        r'(?:_body|answer)\([\w.]+, "(\w+)"',
        r'^    code = "(\w+)"',
    )
    return {code for pattern in patterns for code in re.findall(pattern, text, re.MULTILINE)}


def test_every_error_code_is_documented():
    codes = error_codes()
    assert {"idempotency_key_reused", "own_prompt", "body_too_large", "not_the_superior"} <= codes
    assert {code for code in codes if f"`{code}`" not in API_DOC} == set()


def test_the_table_puts_what_does_not_count_first():
    counted = [counts for _status, counts in TABLE.values()]
    assert counted == sorted(counted)  # "no" before "provisional"


def test_every_link_and_every_gap_of_the_docs_is_filled():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "deploy/README.md"]:
        text = page.read_text()
        assert "@@" not in text, page
        links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        assert [link for link in links if not (page.parent / link).exists()] == [], page


def test_every_refusal_of_a_use_case_has_an_indonesian_sentence():
    text = "\n".join(path.read_text() for path in OURS)
    assert set(re.findall(r'DomainError\(\s*"(\w+)"', text)) - set(SENTENCES) == set()


def test_every_setting_is_documented_and_every_documented_setting_exists():
    text = "\n".join(path.read_text() for path in [*OURS, ROOT / "manage.py"])
    read = set(re.findall(r'env(?:_int|_bool|_list)?\("(\w+)"', text))
    read |= set(re.findall(r'environ(?:\.get)?[\[(]"((?:HADIR|DATABASE|REDIS)\w+)"', text))
    documented = set(re.findall(r"^\| `(\w+)` \|", SETTINGS_DOC, re.MULTILINE))
    assert read - documented == set()
    assert {name for name in documented if not re.search(rf"\b{name}\b", text)} == set()


def functions() -> list[tuple[str, int]]:
    found = []
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.append((f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1))
    return found


def test_functions_are_short():
    sizes = functions()
    assert [where for where, lines in sizes if lines > 60] == []
    ordered = sorted(lines for _where, lines in sizes)
    assert ordered[len(ordered) // 2] <= 8


@pytest.mark.parametrize(
    "name", ["services", "selectors", "utils", "helpers", "constants", "signals", "common", "core"]
)
def test_no_room_is_called_after_nothing(name):
    assert [path for path in OURS if name in (path.stem, path.parent.name)] == []


def test_only_the_clock_reads_wall_time():
    """Ruff bans the calls by name; this catches what is written around it."""
    wall = re.compile(r"timezone\.now\(|datetime\.now\(|\btime\.time\(|date\.today\(")
    allowed = {"policy/clock.py"}
    readers = {
        str(p.relative_to(ROOT)) for p in OURS if wall.search(p.read_text()) and p.parts[-2] != "config"
    }
    assert {path for path in readers if not path.startswith("config/")} == allowed


def test_the_project_speaks_only_of_itself():
    """No path of a machine, no registry, no address of a real host in code or docs."""
    forbidden = re.compile(r"/home/\w|/work/|/root/|pypi\.org|registry\.npmjs|deb\.debian\.org")
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    texts = [
        name
        for name in files
        if name.endswith((".py", ".md", ".toml", ".txt", ".html", "Makefile")) and (ROOT / name).exists()
    ]
    found = [
        name
        for name in texts
        if name != "tests/test_house.py" and forbidden.search((ROOT / name).read_text())
    ]
    assert found == []
