"""The keys that every kind has which asks a web server: which node, under whose certificate."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from statusgen.probes.targets import ConnectTo, File

WebNode = Annotated[
    ConnectTo | None,
    Field(
        description="The IP address of the node to ask, with or without a port; Host, SNI and certificate stay those "
        "of the URL.",
        examples=["203.0.113.10", "'[2001:db8::1]:8443'"],
    ),
]
PrivateAuthority = Annotated[
    File | None,
    Field(
        description="The private authority (PEM) that issued its certificate; the public ones when left out.",
        examples=["ca.pem"],
    ),
]
