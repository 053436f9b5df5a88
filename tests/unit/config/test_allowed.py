"""What may be told although it looks internal is an address, a network or a name."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from statusgen.config.documents import parse_allowed


def test_addresses_networks_and_names_are_taken() -> None:
    assert [parse_allowed(text) for text in ("10.0.0.5", "10.0.0.7/8", "DB.internal")] == [
        "10.0.0.5/32",
        "10.0.0.0/8",
        "db.internal",
    ]


@pytest.mark.parametrize("text", ["no host", "", ["10.0.0.5"], None])
def test_anything_else_is_not(text: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_allowed(text)
