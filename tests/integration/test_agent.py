"""The agent inside the rack, on a real S3 server, with the key that the guide makes for it and nothing more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from statusgen.demo.services import HOST
from statusgen.demo.services.ports import free_ports
from statusgen.demo.services.processes import wait_until
from statusgen.history import codec
from statusgen.history.keys import raw_key
from statusgen.history.spool import BATCH
from tests.conftest import ROOT, missing
from tests.factories import observation
from tests.integration.operating import Operator

pytestmark = pytest.mark.services

GUIDE = (ROOT / "docs/how-to/run-an-agent.md").read_text(encoding="utf-8")
POLICY = re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)
UNITS = dict(re.findall(r"`/etc/systemd/system/([\w.@-]+)`:\n\n```ini\n(.*?)```", GUIDE, re.DOTALL))
LONG_AGO = datetime(2022, 12, 1, tzinfo=UTC)
_users = count()


@dataclass(frozen=True, slots=True)
class Agent:
    """Runs commands in the rack; `key` is what the guide's policy allows."""

    operator: Operator
    key: tuple[str, str]
    spool: Path

    def environment(self) -> dict[str, str]:
        given = {"S3_ID": self.key[0], "S3_SECRET": self.key[1], "STATE_DIRECTORY": str(self.spool.parent)}
        return self.operator.environment() | given

    def start(self, *args: str, program: str = "") -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *(["-c", program] if program else ["-m", "statusgen"]), *args],
            cwd=self.operator.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args: str, program: str = "") -> tuple[int, str]:
        """Run to the end and return the exit code and what was said on stderr."""
        process = self.start(*args, program=program)
        _, said = process.communicate(timeout=120)
        assert "Traceback" not in said
        assert self.key[1] not in said
        return process.returncode, said

    def probe(self, program: str = "") -> tuple[int, str]:
        return self.run("probe", "--location", "homelab", "--quiet", program=program)

    def waiting(self) -> list[str]:
        """Return the names of what waits on the disk, oldest first."""
        return sorted(path.name for path in self.spool.rglob("*.jsonl"))

    def arrived(self) -> dict[str, datetime]:
        """Return the names of what the state holds of this location, and to the second when each came."""
        prefix = f"{self.operator.prefix}/state/raw/homelab/"
        pages = self.operator.server.client().get_paginator("list_objects_v2")
        return {
            one["Key"].rpartition("/")[2]: one["LastModified"]
            for page in pages.paginate(Bucket=self.operator.server.bucket, Prefix=prefix)
            for one in page.get("Contents", [])
        }


@pytest.fixture
def agent(operator: Operator, tmp_path: Path) -> Agent:
    """An agent whose project lies on a machine that it only reads, and whose target is at hand."""
    operator.write_project(tls=False)
    [port] = free_ports(1)
    settings = operator.root / "statusgen.yaml"
    locations = "locations:\n  - id: outside\n  - id: homelab\n    reaches: [public, rack]\n"
    settings.write_text(settings.read_text(encoding="utf-8") + locations, encoding="utf-8")
    (operator.root / "checks/store.yaml").write_text(
        "group: Rack\ncomponents:\n  - id: database\n    name: Database\n    checks:\n"
        f"      - {{tcp: '{HOST}:{port}', expect: closed, confirm: 0, network: rack, timeout: 2s}}\n"
        "  - id: backup\n    name: Backup\n    checks:\n      - heartbeat: {within: 26h}\n",
        encoding="utf-8",
    )
    assert POLICY
    policy = POLICY[1].replace("status-example-state/", f"{operator.server.bucket}/{operator.prefix}/state/")
    key = operator.server.key_for(f"agent-{next(_users)}", policy)
    return Agent(operator, key, tmp_path / "var/spool")


def test_its_key_may_put_its_own_observations_and_nothing_else(agent: Agent) -> None:
    import boto3  # noqa: PLC0415 - slow to import

    server, base = agent.operator.server, agent.operator.prefix
    owner = server.client()
    owner.put_object(Bucket=server.bucket, Key=f"{base}/state/raw/homelab/there", Body=b"x")
    session = boto3.Session(*agent.key, region_name=server.region)
    client = session.client("s3", endpoint_url=server.endpoint)

    def refused(ask: Callable[[], object]) -> bool:
        try:
            ask()
        except ClientError as error:
            return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        return False

    own = f"{base}/state/raw/homelab/2022-12-01/120000-r.jsonl"
    client.put_object(Bucket=server.bucket, Key=own, Body=b"x")
    for elsewhere in (
        f"{base}/state/raw/outside/2022-12-01/120000-r.jsonl",
        f"{base}/state/raw/homelab-too/2022-12-01/120000-r.jsonl",
        f"{base}/state/segments/2022-12-01/a.jsonl.gz",
        f"{base}/site/index.html",
    ):
        assert refused(lambda key=elsewhere: client.put_object(Bucket=server.bucket, Key=key, Body=b"x")), elsewhere
    assert refused(lambda: client.get_object(Bucket=server.bucket, Key=own))
    assert refused(lambda: client.list_objects_v2(Bucket=server.bucket, Prefix=f"{base}/state/raw/homelab/"))
    assert refused(lambda: client.delete_object(Bucket=server.bucket, Key=own))


def test_with_that_key_it_probes_and_reports_and_the_publisher_tells_of_it(agent: Agent) -> None:
    assert agent.probe() == (0, "")
    assert agent.run("heartbeat", "backup/heartbeat", "--location", "homelab", "--quiet") == (0, "")
    assert len(agent.arrived()) == 2
    assert agent.waiting() == []
    assert not (agent.operator.root / ".statusgen").exists(), "the project's folder is only read"
    done = agent.operator.run("publish", "--location", "outside", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert {one["status"] for one in json.loads(done.stdout)["components"]} == {"operational"}


OFF = """
import sys
from datetime import timedelta
import botocore.auth
from statusgen.cli import main
from statusgen.clock import SystemClock

off = timedelta(minutes=int(sys.argv.pop(1)))
signed, now = botocore.auth.get_current_datetime, SystemClock.now
botocore.auth.get_current_datetime = lambda *a, **k: signed(*a, **k) + off
SystemClock.now = lambda self: now(self) + off
main()
"""


@pytest.mark.parametrize(("minutes", "said"), [("60", "by 60 min (it is fast)"), ("-60", "by 60 min (it is slow)")])
def test_a_report_of_a_wrong_clock_waits_until_the_clock_is_right_and_says_how_wrong_it_is(
    agent: Agent, minutes: str, said: str
) -> None:
    beat = ("heartbeat", "backup/heartbeat", "--location", "homelab", "--quiet")
    code, told = agent.run(minutes, *beat, program=OFF)
    assert code == 0
    assert f"this machine's clock is off {said}: set it right; the next run delivers them" in told
    assert len(agent.waiting()) == 1
    assert agent.run(*beat) == (0, "")
    assert (len(agent.waiting()), len(agent.arrived())) == (0, 2)


def test_it_cannot_speak_for_another_location_and_that_holds_up_nothing_of_its_own(agent: Agent) -> None:
    code, said = agent.run("probe", "--location", "outside", "--quiet")
    assert code == 0
    assert said == "", "the outside reaches nothing of this project, so there was nothing to keep"
    code, said = agent.run("heartbeat", "backup/heartbeat", "--location", "outside", "--quiet")
    assert code == 0
    assert "access denied: the key may not do this here; the next run delivers them" in said
    assert agent.operator.objects("state/raw/outside") == {}
    code, said = agent.probe()
    assert code == 0
    assert "the observations of a run wait" in said
    assert len(agent.arrived()) == 1
    assert len(agent.waiting()) == 1


def test_while_the_server_is_gone_runs_wait_and_are_delivered_in_order_and_once(agent: Agent) -> None:
    agent.operator.server.stop()
    for number in range(1, 4):
        code, said = agent.probe()
        assert code == 4
        assert "error: observations wait in 'file:" in said
        assert len(agent.waiting()) == number
    waiting = agent.waiting()
    agent.operator.server.start()
    assert agent.probe() == (0, "")
    assert agent.waiting() == []
    arrived = agent.arrived()
    assert len(arrived) == 4
    assert set(waiting) < set(arrived)


def test_a_server_that_hangs_keeps_no_run_from_probing_and_what_it_saw_waits(agent: Agent) -> None:
    """The machine is new and remembers nothing, so that what was last seen down is asked of the state first."""
    agent.operator.server.pause()
    process = agent.start("probe", "--location", "homelab", "--quiet")
    try:
        assert wait_until(lambda: len(agent.waiting()) == 1, limit=60), "a request is waited for for two minutes"
    finally:
        process.kill()
        process.communicate()


def lay_waiting(agent: Agent, number: int) -> list[str]:
    """Let so many runs of long ago wait on the disk, and return their names in order."""
    names = []
    for index in range(number):
        at = LONG_AGO + timedelta(minutes=5) * index
        one = replace(observation(at=at, check="database/tcp"), location="homelab", run=f"r{index}")
        key = raw_key("homelab", at, one.run)
        path = agent.spool / str(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(codec.encode(one) + "\n", encoding="utf-8")
        names.append(path.name)
    return names


def test_two_thousand_waiting_runs_are_delivered_by_one_run_batch_after_batch(agent: Agent) -> None:
    names = lay_waiting(agent, 2000)
    assert agent.probe() == (0, "")
    assert agent.waiting() == []
    arrived = agent.arrived()
    assert len(arrived) == 2001
    batches = [[arrived[name] for name in names[start : start + BATCH]] for start in range(0, len(names), BATCH)]
    assert all(max(batch) <= min(following) for batch, following in pairwise(batches))


def test_agents_that_share_a_spool_deliver_everything_once_between_them(agent: Agent) -> None:
    names = lay_waiting(agent, 200)
    processes = [agent.start("probe", "--location", "homelab", "--quiet") for _ in range(3)]
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, "")
    assert agent.waiting() == []
    arrived = agent.arrived()
    assert set(names) < set(arrived)
    assert len(arrived) == 203


KILLED = """
import os, signal, sys
from statusgen.cli import main
from statusgen.stores.directory import DirectoryStore
from statusgen.stores.s3 import S3Store

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr({"DirectoryStore": DirectoryStore, "S3Store": S3Store}[sys.argv.pop(1)], sys.argv.pop(1), die)
main()
"""


@pytest.mark.parametrize(
    ("store", "method"), [("S3Store", "write"), ("DirectoryStore", "delete")], ids=["before-it-arrived", "after"]
)
def test_a_run_that_is_killed_while_it_delivers_is_delivered_by_the_next_and_counts_once(
    agent: Agent, store: str, method: str
) -> None:
    process = agent.start(store, method, "probe", "--location", "homelab", "--quiet", program=KILLED)
    process.communicate(timeout=120)
    assert process.returncode == -9
    [name] = agent.waiting()
    assert agent.probe() == (0, "")
    assert agent.waiting() == []
    arrived = agent.arrived()
    assert len(arrived) == 2
    assert name in arrived


FULL_DISK = """
import resource
from statusgen.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
main()
"""


def test_with_a_full_disk_a_run_still_reaches_the_state_and_says_that_nothing_could_wait(agent: Agent) -> None:
    code, said = agent.probe(FULL_DISK)
    assert code == 0
    assert re.match(
        r"warning: nothing can wait in 'file:[^']+': file too large; "
        r"were the state unreachable, the run would be lost\n",
        said,
    )
    assert len(agent.arrived()) == 1
    agent.operator.server.stop()
    code, said = agent.probe(FULL_DISK)
    assert code == 4
    assert re.fullmatch(
        r"error: observations can be kept neither in 's3://[^']+': cannot connect to the server; "
        r"nor in 'file:[^']+': file too large\n",
        said,
    )


def test_the_units_of_the_guide_are_understood_by_systemd(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        missing("systemd-analyze")
    assert set(UNITS) == {"statusgen-agent.service", "statusgen-agent.timer", "statusgen-heartbeat@.service"}
    for name, unit in UNITS.items():
        here = unit.replace("/opt/statusgen/bin/statusgen", str(Path(sys.executable).parent / "statusgen"))
        (tmp_path / name).write_text(here, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(tmp_path / name for name in UNITS)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    escaped = re.search(r"^OnSuccess=statusgen-heartbeat@(.+)\.service$", GUIDE, re.MULTILINE)
    assert escaped
    meant = subprocess.run(["systemd-escape", "--unescape", escaped[1]], capture_output=True, text=True, check=True)
    assert meant.stdout.strip() == "backup/heartbeat"


def services() -> dict[str, list[str]]:
    return {name: unit.splitlines() for name, unit in UNITS.items() if name.endswith(".service")}


@pytest.mark.parametrize("name", services())
def test_each_service_may_write_to_the_folder_that_they_share_and_to_no_other(name: str) -> None:
    lines = services()[name]
    assert {"DynamicUser=yes", "User=statusgen-agent", "StateDirectory=statusgen-agent"} <= set(lines)
    assert [line for line in lines if line.startswith("ReadWritePaths")] == []


@pytest.mark.parametrize("name", services())
def test_each_service_runs_a_command_that_there_is_with_its_options(agent: Agent, name: str) -> None:
    [line] = [line for line in services()[name] if line.startswith("ExecStart=")]
    words = line.replace("/srv/status", str(agent.operator.root)).replace("%I", "backup/heartbeat").split()[1:]
    assert agent.run(*words) == (0, "")
    assert len(agent.arrived()) == 1
