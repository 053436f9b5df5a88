"""Work that blocks is done elsewhere, and what comes of it too late is put away."""

from __future__ import annotations

import asyncio
import threading

import pytest

from statusgen.probes.threads import in_thread


def test_what_comes_of_the_work_is_returned_or_raised() -> None:
    assert asyncio.run(in_thread(lambda: threading.current_thread() is threading.main_thread())) is False
    with pytest.raises(KeyError, match="name"):
        asyncio.run(in_thread(lambda: {}["name"]))


@pytest.mark.parametrize("run_is_over", [False, True])
def test_what_comes_too_late_is_put_away(run_is_over: bool) -> None:
    go_on, put_away = threading.Event(), threading.Event()

    def work() -> str:
        go_on.wait(30)
        return "late"

    async def main() -> None:
        waiting = asyncio.ensure_future(in_thread(work, lambda late: put_away.set() if late == "late" else None))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        if not run_is_over:
            go_on.set()
            await asyncio.to_thread(put_away.wait, 30)

    asyncio.run(main())
    go_on.set()
    assert put_away.wait(30)


def test_a_failure_that_comes_too_late_is_forgotten() -> None:
    go_on, done = threading.Event(), threading.Event()

    def work() -> None:
        go_on.wait(30)
        done.set()
        raise OSError

    async def main() -> list[object]:
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
        waiting = asyncio.ensure_future(in_thread(work))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        go_on.set()
        await asyncio.to_thread(done.wait, 30)
        return complaints

    assert asyncio.run(main()) == []
