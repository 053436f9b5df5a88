"""What every test shares: the service gate, the golden switch, and a fast part that cannot reach a socket."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
FAST = ("unit", "property", "golden", "problems")

os.environ["STATUSGEN_CACHE"] = ""  # what one test has read is nothing for another

SERVICES_REQUIRED = os.environ.get("STATUSGEN_REQUIRE_SERVICES") == "1"

settings.register_profile(
    "statusgen",
    deadline=None,
    max_examples=100 if SERVICES_REQUIRED else 20,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("statusgen")


def missing(part: str) -> NoReturn:
    """Skip the test for want of a real part on a laptop; fail where services are required, as in CI."""
    message = f"{part} is missing; `make test` installs it"
    if SERVICES_REQUIRED:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that rewrites expected outputs, whose diff is then reviewed."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected outputs of golden and problem cases"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Forbid sockets to the fast tests, and allow them to all others.

    That has to be said: of a test that puts something in the place of a function that is forbidden, the ban stays.
    """
    for item in items:
        fast = item.path.relative_to(ROOT / "tests").parts[0] in FAST
        item.add_marker(pytest.mark.disable_socket if fast else pytest.mark.enable_socket)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected outputs are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
