"""`checks/`: groups in the order of files, components, the ids of checks, and what refers to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from statusgen.config import load
from statusgen.model.project import Check, Project
from statusgen.ports import ProbeKind
from statusgen.probes import KINDS
from statusgen.values import CheckDocument

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]

EDGE = """
group: Edge nodes
components:
  - id: frankfurt
    name: Frankfurt
    description: Serves Europe
    depends_on: [web]
    checks:
      - http: https://example.org/health
        timeout: 5s
        confirm: 1
        degraded_over: 800ms
      - id: plain
        http: http://example.org/health
"""


def test_a_mastodon_must_link_to_this_page_unless_another_is_named(read: Reader) -> None:
    own, other = "mastodon: https://a.example", "mastodon: https://a.example, status_page: 'https://b.example'"
    group = f"group: A\ncomponents: [{{id: a, name: A, checks: [{{{own}}}, {{id: b, {other}}}]}}]\n"

    def pages(site: str) -> list[str | None]:
        project = read({"statusgen.yaml": f"site: {site}\n", "checks/a.yaml": group})
        return [check.spec.status_page for check in project.checks]

    assert pages("{name: A, url: 'https://status.a.example/'}") == ["https://status.a.example", "https://b.example"]
    assert pages("{name: A}") == [None, "https://b.example"]


def test_groups_stand_in_the_order_of_their_files(read: Reader) -> None:
    project = read({"checks/a/edge.yml": EDGE, "checks/z.yaml": "group: Last\nid: end\ncomponents: []\n"})
    assert [(group.id, group.name) for group in project.groups] == [
        ("edge-nodes", "Edge nodes"),
        ("hachyderm", "Hachyderm"),
        ("end", "Last"),
    ]


def test_other_files_and_hidden_ones_are_passed_over(read: Reader) -> None:
    others = {"checks/README.md": "", "checks/.web.yaml": "[", "checks/_old.yaml": "[", "checks/_old/web.yaml": "["}
    assert len(read(others).groups) == 1


def test_a_component_is_what_its_file_says(read: Reader) -> None:
    frankfurt = read({"checks/a.yaml": EDGE}).components[0]
    assert (frankfurt.id, frankfurt.name, frankfurt.description) == ("frankfurt", "Frankfurt", "Serves Europe")
    assert frankfurt.depends_on == ("web",)


def test_a_check_is_named_by_component_and_id_or_kind(read: Reader) -> None:
    first, second = read({"checks/a.yaml": EDGE}).components[0].checks
    assert (first.id, second.id) == ("frankfurt/http", "frankfurt/plain")
    assert first == Check(
        id="frankfurt/http",
        component="frankfurt",
        kind="http",
        spec=first.spec,
        timeout=timedelta(seconds=5),
        confirm=1,
        degraded_over=timedelta(milliseconds=800),
    )


def test_a_file_that_cannot_be_read_may_hold_what_others_refer_to(problems: Teller) -> None:
    content = "---\ntitle: Slow\nimpact: minor\naffects: [nowhere]\n---\n## 2022-12-01T14:04Z investigating\n"
    said = problems(
        {"checks/a.yaml": EDGE.replace("web", "nowhere"), "checks/b.yaml": "[", "content/incidents/a.md": content}
    )
    assert len(said) == 1
    assert said[0].startswith("checks/b.yaml:")


def test_a_wrong_component_can_still_be_referred_to(problems: Teller) -> None:
    said = problems({"checks/a.yaml": EDGE.replace("Serves Europe", "[]"), "checks/web.yaml": WEB})
    assert said == ["checks/a.yaml:6:18: component.description: expected text, got a list"]


WEB = "group: Web\ncomponents:\n  - {id: web, name: Web, depends_on: [media]}\n  - {id: media, name: Media}\n"


def test_every_circle_of_dependencies_is_told_once(problems: Teller) -> None:
    text = "group: Circles\ncomponents:\n" + "".join(
        f"  - {{id: {name}, name: {name}, depends_on: [{needs}]}}\n"
        for name, needs in {"a": "b", "b": "a", "c": "d, e", "d": "c", "e": "a, web"}.items()
    )
    said = problems({"checks/a.yaml": text})
    assert [line.split("circle of dependencies: ")[1].split("\n")[0] for line in said] == ["a → b → a", "c → d → c"]


def test_a_chain_of_a_thousand_dependencies_is_no_circle(read: Reader) -> None:
    names = [f"c{number}" for number in range(1000)]
    text = "group: Chain\ncomponents:\n" + "".join(
        f"  - {{id: {name}, name: {name}, depends_on: [{needs}]}}\n"
        for name, needs in zip(names, ["web", *names], strict=False)
    )
    assert len(read({"checks/a.yaml": text}).components) == 1002


class TunnelDocument(CheckDocument):
    """A kind that has a key with the name of another kind."""

    kind: ClassVar[str] = "tunnel"

    tunnel: str
    tls: str = ""

    def spec(self) -> object:
        return (self.tunnel, self.tls)


def test_the_name_of_a_kind_may_be_a_key_of_another(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "statusgen.yaml").write_text("site: {name: A}\n")
    checks = "group: A\ncomponents:\n  - {id: a, name: A, checks: [{tls: b, tunnel: c}]}\n"
    (tmp_path / "checks/a.yaml").write_text(checks)
    kinds = {"tls": KINDS["tls"], "tunnel": ProbeKind(TunnelDocument, KINDS["tls"].probe)}
    (check,) = load(tmp_path, kinds=kinds).checks
    assert (check.id, check.spec) == ("a/tunnel", ("c", "b"))


@pytest.mark.parametrize("wrong", ["components: {web: Web}", "components: web", "components:"])
def test_components_are_a_list(wrong: str, problems: Teller) -> None:
    assert "expected a list" in problems({"checks/a.yaml": f"group: A\n{wrong}\n"})[0]


def test_all_problems_of_a_file_are_told_at_once(problems: Teller) -> None:
    text = """
group: Edge nodes
kolor: red
components:
  - id: frankfurt
    nmae: Frankfurt
    checks:
      - http: example
      - tcp: example
  - just text
"""
    assert [line.split(": ")[0] for line in problems({"checks/a.yaml": text})] == [
        "checks/a.yaml:3:1",
        "checks/a.yaml:5:5",
        "checks/a.yaml:6:5",
        "checks/a.yaml:8:15",
        "checks/a.yaml:9:14",
        "checks/a.yaml:10:5",
    ]
