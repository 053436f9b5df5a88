"""Kinds of check from other packages: a real one, installed as people install it, and broken ones that are told."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLE = ROOT / "tests/examples/statusgen-banner"
GUIDE = ROOT / "docs/how-to/add-a-kind-of-check.md"
COMPONENT = "group: Mail\ncomponents:\n  - id: mail\n    name: Mail\n    checks:\n      - "


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the example package from its source."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", folder, EXAMPLE], check=True, timeout=120)
    return folder


def statusgen(root: Path, *args: str, packages: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on the project in `root`, with a folder of packages beside those of this environment."""
    return subprocess.run(
        [sys.executable, "-m", "statusgen", "--project", root, *args],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{packages}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def write_project(root: Path, check: str) -> None:
    (root / "statusgen.yaml").write_text("site: {name: Example}\nconfirm_after: 1ms\n", encoding="utf-8")
    (root / "checks").mkdir(exist_ok=True)
    (root / "checks/mail.yaml").write_text(f"{COMPONENT}{check}\n", encoding="utf-8")


@contextmanager
def greeting(line: bytes) -> Iterator[int]:
    """Serve one line to everybody who connects; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = server.accept()
                    with peer:
                        peer.sendall(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    ("line", "outcome", "reason"),
    [
        (b"220 mail.example ESMTP\r\n", "up", None),
        (b"554 no\r\n", "down", "wrong_body"),
        (b"2" * 4096 + b"\n", "down", "bad_response"),
    ],
)
def test_its_checks_are_probed_as_if_they_were_our_own(
    installed: Path, tmp_path: Path, line: bytes, outcome: str, reason: str | None
) -> None:
    with greeting(line) as port:
        write_project(tmp_path, f"banner: 127.0.0.1:{port}\n        begins_with: '220'\n        confirm: 0")
        done = statusgen(tmp_path, "probe", "--format", "json", packages=installed)
    assert done.returncode == 0, done.stderr
    [observation] = json.loads(done.stdout)["observations"]
    assert (observation["check"], observation["outcome"], observation["reason"]) == ("mail/banner", outcome, reason)
    assert set(observation["phases"]) == {"connect", "banner"}


def test_its_mistakes_are_told_with_their_place(installed: Path, tmp_path: Path) -> None:
    write_project(tmp_path, "banner: nowhere\n        begins_wiht: '220'")
    done = statusgen(tmp_path, "validate", packages=installed)
    assert done.returncode == 3
    assert "checks/mail.yaml:6:17: check.banner: expected a host and a port" in done.stdout
    assert "checks/mail.yaml:7:9: check.begins_wiht: unknown key\n    hint: did you mean 'begins_with'?" in done.stdout


def test_without_the_package_its_kind_is_unknown(tmp_path: Path) -> None:
    write_project(tmp_path, "banner: mail.example:25")
    done = statusgen(tmp_path, "validate", packages=tmp_path)
    assert done.returncode == 3
    assert "the check does not say what to probe" in done.stdout


def package(folder: Path, name: str, points: dict[str, str], code: str = "") -> None:
    """Lay a package as an installer would, with a module of the same name."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    entries = "".join(f"{kind} = {value}\n" for kind, value in points.items())
    (metadata / "entry_points.txt").write_text(f"[statusgen.probes]\n{entries}", encoding="utf-8")


KIND = """
from typing import ClassVar
from pydantic import BaseModel
from statusgen.ports import ProbeKind
from statusgen.values import CheckDocument

class Document(CheckDocument):
    kind: ClassVar[str] = "another"
    another: str

class Nameless(CheckDocument):
    kind: ClassVar[str] = "ntp"

async def probe(spec, secrets):
    ...
"""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import nothing_of_that_name", "cannot be loaded: the module 'nothing_of_that_name' is missing"),
        ("raise RuntimeError('s3cret')", "cannot be loaded: it failed with RuntimeError"),
        ("import sys; sys.exit(0)", "cannot be loaded: it failed with SystemExit"),
        ("", "cannot be loaded: it failed with AttributeError"),
        ("NTP = print", "cannot be used: it is no ProbeKind but of the type 'builtin_function_or_method'"),
        (f"{KIND}\nNTP = ProbeKind(BaseModel, probe)", "cannot be used: its document is no subclass of CheckDocument"),
        (f"{KIND}\nNTP = ProbeKind(Document, probe)", "cannot be used: its document is for the kind 'another'"),
        (f"{KIND}\nNTP = ProbeKind(Nameless, probe)", "cannot be used: its document has no key 'ntp'"),
    ],
)
def test_a_broken_package_is_told_by_name_and_entry_point(tmp_path: Path, code: str, told: str) -> None:
    package(tmp_path, "statusgen-ntp", {"ntp": "statusgen_ntp:NTP"}, code)
    write_project(tmp_path, "ntp: time.example")
    for command in ("validate", "publish"):
        done = statusgen(tmp_path, command, packages=tmp_path)
        assert done.returncode == 3
        assert done.stderr == (
            f"error: the package 'statusgen-ntp' 1.0 brings the kind of check 'ntp', which {told}\n"
            "    hint: update the package, or remove it; it is the entry point 'ntp = statusgen_ntp:NTP' in "
            "'statusgen.probes'\n"
        )


def test_a_broken_package_stops_nobody_who_does_not_use_its_kind(tmp_path: Path) -> None:
    package(tmp_path, "statusgen-ntp", {"ntp": "statusgen_ntp:NTP"}, "raise RuntimeError")
    write_project(tmp_path, "heartbeat: {within: 1h}")
    done = statusgen(tmp_path, "publish", packages=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_name_of_our_own_is_refused(tmp_path: Path) -> None:
    package(tmp_path, "statusgen-web", {"http": "statusgen_web:HTTP"})
    write_project(tmp_path, "heartbeat: {within: 1h}")
    done = statusgen(tmp_path, "publish", packages=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith(
        "error: the package 'statusgen-web' 1.0 offers the kind of check 'http', which is one of statusgen's own\n"
        "    hint: remove the package; it is the entry point 'http = statusgen_web:HTTP'"
    )


def test_a_name_that_two_packages_offer_is_refused(tmp_path: Path) -> None:
    for name in ("statusgen-ntp", "statusgen-time"):
        package(tmp_path, name, {"ntp": f"{name.replace('-', '_')}:NTP"})
    write_project(tmp_path, "heartbeat: {within: 1h}")
    done = statusgen(tmp_path, "publish", packages=tmp_path)
    assert done.returncode == 3
    assert re.search(r"'ntp', which is offered by the package 'statusgen-(ntp|time)' 1\.0 too", done.stderr)
    assert "Traceback" not in done.stderr


def test_asking_for_help_loads_no_package(tmp_path: Path) -> None:
    package(tmp_path, "statusgen-ntp", {"ntp": "statusgen_ntp:NTP"}, "raise RuntimeError")
    done = statusgen(tmp_path, "--help", packages=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", ["pyproject.toml", "statusgen_banner.py"])
def test_the_guide_shows_the_package_as_it_is(file: str) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert (EXAMPLE / file).read_text(encoding="utf-8") in blocks
