"""The error family: what each carries, how it reads, and which exit code it ends with."""

from __future__ import annotations

import pytest

from statusgen import errors
from statusgen.errors import EXIT_CODES, ExitCode, Place, Problem, ProjectError, StatusgenError, StoreError, ThemeError


def test_a_place_reads_as_editors_jump_to_it() -> None:
    assert str(Place("a.yaml", 3, 5)) == "a.yaml:3:5"
    assert str(Place("a.yaml")) == "a.yaml"


def test_a_problem_tells_place_key_message_and_hint() -> None:
    assert str(Problem(Place("a.yaml", 3, 5), "check.timeout", "expected a duration", "write '5s'")) == (
        "a.yaml:3:5: check.timeout: expected a duration\n    hint: write '5s'"
    )
    assert str(Problem(Place("a.yaml"), "", "the file is missing")) == "a.yaml: the file is missing"
    assert str(Problem(Place("a.yaml"), "", "is odd", warning=True)) == "a.yaml: warning: is odd"


def test_problems_are_sorted_by_file_and_position() -> None:
    late, early = Problem(Place("a.yaml", 10, 1), "", "late"), Problem(Place("a.yaml", 9, 1), "", "early")
    other = Problem(Place("b.yaml", 1, 1), "", "other")
    error = ProjectError([other, late, early])
    assert error.problems == (early, late, other)
    assert str(error) == "a.yaml:9:1: early\na.yaml:10:1: late\nb.yaml:1:1: other"


def test_a_theme_error_shows_the_line_itself() -> None:
    assert str(ThemeError(Place("front.html", 3), "unexpected end", "  {% if %}\n")) == (
        "front.html:3:0: unexpected end\n    {% if %}"
    )
    assert str(ThemeError(Place("front.html"), "is missing")) == "front.html: is missing"


def test_a_store_error_names_operation_and_key_and_what_was_done() -> None:
    error = StoreError("write", "index.html", "access denied", done=["feed.xml"])
    assert str(error) == "cannot write 'index.html': access denied"
    assert (error.operation, error.key, error.reason, error.done) == (
        "write",
        "index.html",
        "access denied",
        ("feed.xml",),
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.StatusgenError, 1),
        (errors.ProjectError, 3),
        (errors.ThemeError, 3),
        (errors.KindError, 3),
        (errors.StoreError, 4),
        (errors.StateError, 4),
        (errors.PublishError, 5),
        (errors.ChannelError, 7),
    ],
)
def test_an_error_ends_with_its_exit_code(error: type[StatusgenError], code: int) -> None:
    assert error.exit_code == code


def test_every_exit_code_is_explained() -> None:
    assert set(EXIT_CODES) == set(ExitCode)


def test_the_tree_at_the_top_of_the_file_shows_the_whole_family() -> None:
    family = {
        name for name, member in vars(errors).items() if isinstance(member, type) and issubclass(member, StatusgenError)
    }
    assert all(name in (errors.__doc__ or "") for name in family)
