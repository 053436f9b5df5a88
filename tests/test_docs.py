"""The documentation tells the truth: links lead somewhere, commands exist, examples work, tables equal the code."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import click
import pytest
import yaml

from statusgen.cli.root import cli
from statusgen.config import load
from statusgen.config.documents import SettingsDocument
from statusgen.errors import EXIT_CODES
from statusgen.model.reason import REASONS
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Outcome, Status
from statusgen.ports import ProbeKind
from statusgen.probes import KINDS
from tests.conftest import ROOT

REFERENCE = ROOT / "docs/reference"
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
GUIDES = [page for page in PAGES if page.parent != REFERENCE and "decisions" not in page.parts]
CODE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """Return a page without its code."""
    return re.sub(r"`[^`\n]+`", "", CODE.sub("", page.read_text(encoding="utf-8")))


def code(page: Path, *languages: str) -> list[str]:
    """Return the code blocks of a page in these languages, without the indentation of a list."""
    found = CODE.finditer(page.read_text(encoding="utf-8"))
    return [re.sub(rf"^{m[1]}", "", m[3], flags=re.MULTILINE) for m in found if m[2] in languages]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the usual renderers make them."""
    titles = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def commands() -> dict[str, click.Command]:
    """Return every command of the command line by its name."""
    context = click.Context(cli, info_name="statusgen")
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    return {spelling for option in command.params if isinstance(option, click.Option) for spelling in option.opts}


def invocations(page: Path) -> Iterator[list[str]]:
    """Yield the words of every `statusgen …` that a page asks people to type, in a block or within a line."""
    text = page.read_text(encoding="utf-8")
    blocks = [line for block in code(page, "sh", "yaml", "") for line in block.splitlines()]
    inline = re.findall(r"`([^`]+)`", CODE.sub("", text))
    for line in [*blocks, *(" ".join(span.split()) for span in inline)]:
        if typed := re.search(r"(?:^|&& |run: |\$ )(statusgen(?: [^#&|]*)?)$", line.strip()):
            yield shlex.split(typed[1])[1:]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    broken = []
    text = prose(page)
    for target in [*LINK.findall(text), *re.findall(r'(?:src|srcset|href)="([^"]+)"', text)]:
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_every_page_of_the_documentation_is_reached_from_its_index() -> None:
    index = ROOT / "docs/index.md"
    linked = {(index.parent / target).resolve() for target in LINK.findall(prose(index))}
    assert {page for page in PAGES if "docs" in page.parts and page != index} <= linked


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_people_are_told_to_type_exists_with_its_options(page: Path) -> None:
    known = commands()
    for words in invocations(page):
        where = [word for word in words if not word.startswith("-")]
        command = known.get(where[0]) if where else cli
        assert command is not None, f"there is no command {words[0]!r}"
        unknown = {word.partition("=")[0] for word in words if word.startswith("-")} - options(command) - options(cli)
        assert unknown - {"--help"} == set(), f"{' '.join(words)!r}"


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile_and_so_are_all_others_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z]+)\b", "\n".join(code(page, "sh")))}
    assert {"demo", "test"} <= named <= targets


def test_every_command_and_every_option_is_in_the_reference_and_nothing_else_is() -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    spoken = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    real = {option for command in [cli, *commands().values()] for option in options(command) if option[:2] == "--"}
    assert spoken - {"--help"} == real - {"--help"}
    headings = set(re.findall(r"^#+ `?(?:statusgen )?([a-z]+)`?$", text, re.MULTILINE))
    assert set(commands()) <= headings


def test_the_table_of_exit_codes_is_the_one_in_the_code() -> None:
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *`?(\d+)`? *\| *(.+?) *\|", text, re.MULTILINE)
    assert rows == [(str(int(code)), meaning) for code, meaning in EXIT_CODES.items()]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_check_and_each_of_its_keys_is_in_the_reference(kind: str) -> None:
    text = (REFERENCE / "checks.md").read_text(encoding="utf-8")
    fields = KINDS[kind].document.model_fields
    assert [name for name, field in fields.items() if f"`{field.alias or name}`" not in text] == []


def test_every_reason_is_in_the_reference() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    assert [reason for reason in REASONS if f"`{reason}`" not in text] == []


@pytest.mark.parametrize("words", [Outcome, Status, Impact, IncidentPhase, MaintenancePhase])
def test_every_word_for_a_status_an_impact_or_a_phase_is_in_the_reference(words: type[Status]) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    assert [word for word in words if f"`{word}`" not in text] == []


def test_every_setting_is_in_the_reference() -> None:
    text = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    assert [name for name in SettingsDocument.model_fields if f"`{name}`" not in text] == []


def examples() -> Iterator[object]:
    """Yield each example of a file in the guides: a settings file, a group of checks, or an announcement."""
    for page in GUIDES:
        for number, block in enumerate(code(page, "yaml", "markdown"), 1):
            if not block.startswith("- run: "):
                yield pytest.param(block, id=f"{name_of(page)}-{number}")


@pytest.fixture(scope="module")
def kinds() -> Mapping[str, ProbeKind]:
    """Every kind of check, and the one that a guide teaches to make."""
    spec = spec_from_file_location("statusgen_banner", ROOT / "tests/examples/statusgen-banner/statusgen_banner.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return {**KINDS, "banner": module.BANNER}


@pytest.mark.parametrize("block", [*examples()])
def test_every_example_in_the_guides_is_accepted_as_it_stands(
    block: str, tmp_path: Path, kinds: Mapping[str, ProbeKind]
) -> None:
    project = {
        "statusgen.yaml": "site: {name: Example}\nlocations: [{id: homelab, reaches: [public, rack]}]\n",
        "checks/guide.yaml": "group: Guide\ncomponents:\n"
        + "".join(f"  - {{id: {name}, name: {name}}}\n" for name in ("database", "media", "web", "edge-frankfurt")),
    }
    if headings := re.findall(r"^## \S+$", block, re.MULTILINE):  # a translation: its updates name no phase
        updates = "".join(f"\n{heading} investigating\nText.\n" for heading in headings)
        project["statusgen.yaml"] = "site: {name: Example, languages: [de]}\n"
        project["content/incidents/example.md"] = f"---\ntitle: Example\nimpact: minor\n---\nText.\n{updates}"
        project["content/incidents/example.de.md"] = block
    elif block.startswith("---\n"):
        folder = "maintenance" if "\nstarts:" in block else "incidents"
        project[f"content/{folder}/example.md"] = block
    elif re.search(r"^## \d{4}-", block, re.MULTILINE):
        window = "in_progress" in block or " scheduled\n" in block
        kind = "maintenance" if window else "incidents"
        dates = "starts: 2022-12-01T14:00Z\nends: 2022-12-01T18:00Z\n" if window else "impact: minor\n"
        project[f"content/{kind}/example.md"] = f"---\ntitle: Example\n{dates}---\n{block}"
    else:
        document = yaml.load(block, Loader=yaml.BaseLoader)
        file = "checks/guide.yaml" if "group" in document else "statusgen.yaml"
        project[file] = block if {"site", "group"} & set(document) else f"site: {{name: Example}}\n{block}"
    for name, text in project.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load(tmp_path, kinds=kinds).site.name
