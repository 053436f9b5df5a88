"""The demonstration's scene as a fixture, and an operator who works in it from the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statusgen.clock import FixedClock
from statusgen.demo.scene import Scene, scene
from statusgen.demo.services import MissingPartError
from tests.conftest import missing
from tests.fakes import Notes

BEGAN = datetime(2022, 11, 28, 9, 0, tzinfo=UTC)
"""When every story begins; the operator says what time it is."""

SHARED = "pages/public"


@dataclass(frozen=True, slots=True)
class Run:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Works on a project of their own, with a state and a target of their own, on the servers of the scene."""

    scene: Scene
    root: Path
    environ: dict[str, str]

    def run(self, command: str, *options: str, at: datetime, inside: Sequence[str] = (), **variables: str) -> Run:
        """Run a command at an instant, in an environment that holds the project's secrets and nothing of ours.

        `inside` is a program that runs it, with its arguments.
        """
        argv = [
            *inside,
            sys.executable,
            "-m",
            "statusgen",
            command,
            "--project",
            str(self.root),
            "--now",
            at.isoformat(),
            *options,
        ]
        environ = {"PATH": os.defpath, "HOME": str(self.root), **self.environ, **variables}
        done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=120, check=False)
        return Run(done.returncode, done.stdout, done.stderr)

    def publish(self, *options: str, at: datetime) -> Run:
        """Publish, which must end with exit code 0."""
        done = self.run("publish", *options, at=at)
        assert done.code == 0, done.err
        return done

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """Return what a reader gets, who has no credentials."""
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def text(self, path: str = "index.html") -> str:
        """Return what a page says, without its marks."""
        body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", self.read(path))
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    def summary(self) -> dict[str, Any]:
        """Return the JSON as readers' programs get it."""
        document = json.loads(self.read("api/v2/summary.json"))
        assert isinstance(document, dict)
        return document

    def statuses(self) -> dict[str, str]:
        """Return the status of each component by name, as the JSON tells it."""
        return {one["name"]: one["status"] for one in self.summary()["components"] if not one["group"]}

    def sent(self) -> dict[str, datetime]:
        """Return when each file of the site was last written, by the clock of the S3 server."""
        store, prefix = self.scene.instance.store, f"public/{self.root.name}/"
        with closing(store.client()) as client:
            found = client.list_objects_v2(Bucket=store.bucket, Prefix=prefix).get("Contents", [])
        return {one["Key"].removeprefix(prefix): one["LastModified"] for one in found}

    def remembered(self) -> dict[str, bytes]:
        """Return every file of the state and the spool."""
        folders = (self.root / "state", self.root / ".statusgen")
        return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}

    def keep_state_in_the_bucket(self) -> None:
        """Let the state live where the site lives, beside it and not for readers."""
        settings = (self.root / "statusgen.yaml").read_text()
        target = settings[settings.index("target:") :].replace("target:", "state:").replace("public/", "state/")
        self.write("statusgen.yaml", settings.replace("state: file:state\n", target))

    @property
    def url(self) -> str:
        """Where readers find the site."""
        return self.scene.instance.store.public_url(self.root.name)


@pytest.fixture(scope="session")
def shared_scene() -> Iterator[Scene]:
    """The miniature instance and the S3 server, started once."""
    try:
        with scene(clock=FixedClock(BEGAN)) as here:
            here.start(Notes())
            yield here
    except MissingPartError as error:
        missing(" and ".join(error.parts))


@pytest.fixture
def operator(shared_scene: Scene, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Operator]:
    """An operator with a fresh project; afterwards every server runs again."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:60]
    root = tmp_path / name
    shutil.copytree(shared_scene.root, root)
    settings = root / "statusgen.yaml"
    settings.write_text(settings.read_text().replace(SHARED, f"{SHARED}/{name}"))
    shutil.rmtree(root / "content")
    yield Operator(shared_scene, root, shared_scene.secrets)
    for server in shared_scene.instance.servers:
        server.restore()
