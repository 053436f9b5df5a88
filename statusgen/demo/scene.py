"""The demonstration's scene: the miniature instance, its project with a past, and publishing from it."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from statusgen import config, pipeline
from statusgen.demo import project, sample
from statusgen.demo.instance import PARTS, Instance
from statusgen.demo.services.parts import require
from statusgen.engine import engine
from statusgen.model.project import Project, StoreAddress
from statusgen.pipeline import Memory, Published, Vantage
from statusgen.ports import Clock, Progress
from statusgen.probes import KINDS, EnvSecrets
from statusgen.stores import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything in one temporary folder.

    `root` is the project's folder, `secrets` the environment that its files refer to.
    """

    instance: Instance
    root: Path
    clock: Clock
    secrets: dict[str, str]
    _runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Where the page is for everybody on this machine."""
        return self.instance.store.public_url("index.html")

    @property
    def environment_file(self) -> Path:
        """A shell script that exports the secrets, for commands given by hand."""
        return self.root.with_name("environment.sh")

    def load(self) -> Project:
        """Return the project as its files say now."""
        return config.load(self.root, kinds=KINDS)

    def start(self, progress: Progress) -> None:
        """Start all servers and write the project's files; raises `ServiceError`."""
        progress.start("starting servers", len(self.instance.servers))
        for _ in self.instance.start():
            progress.advance()
        progress.done(", ".join(server.label for server in self.instance.servers))
        project.write(self.root, self.instance, self.clock.now())
        self.environment_file.touch(mode=0o600)
        self.environment_file.write_text("".join(f"export {name}='{it}'\n" for name, it in self.secrets.items()))

    def lay_past(self, progress: Progress) -> None:
        """Lay the sample history into the state; raises `StateError`."""
        loaded = self.load()
        progress.start("laying sample history", 1)
        state = open_store(loaded.state, root=self.root, secrets=EnvSecrets(self.secrets))
        sample.lay(loaded, state, self.clock.now())
        progress.done(f"{sample.DAYS} days")

    def publish(self, progress: Progress) -> Published:
        """Probe, decide and publish, as `statusgen publish` does."""
        loaded = self.load()
        given = EnvSecrets(self.secrets)
        location = loaded.locations[0]
        vantage = Vantage(location=location, run=f"demo-{next(self._runs)}", kinds=KINDS, secrets=given)
        memory = Memory(
            state=open_store(loaded.state, root=self.root, secrets=given),
            spool=open_store(StoreAddress(url="file:spool"), root=self.root, secrets=given),
        )
        return pipeline.publish(
            loaded,
            config.load_theme(self.root, loaded.theme, loaded.site.tongues),
            vantage,
            memory,
            open_store(loaded.target, root=self.root, secrets=given, hashed=True),
            secrets=self.secrets,
            clock=self.clock,
            progress=progress,
            engine=engine(),
        )


@contextmanager
def scene(*, clock: Clock) -> Iterator[Scene]:
    """Hand out a scene whose servers are not started yet; at the end every process and file of it is gone.

    Raises `MissingPartError` without the extra `demo`.
    """
    require(*PARTS)
    with ExitStack() as on_exit:
        folder = Path(tempfile.mkdtemp(prefix="statusgen-demo-"))
        on_exit.callback(shutil.rmtree, folder, ignore_errors=True)
        instance = Instance(folder)
        on_exit.callback(instance.stop)
        root = folder / "project"
        yield Scene(instance=instance, root=root, clock=clock, secrets=project.secrets(instance))
