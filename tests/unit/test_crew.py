"""Several hands do what one does, and nothing is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest

from statusgen import crew
from statusgen.crew import WORTH, Hands, choose_crew
from statusgen.ports import ALONE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot split here")

THINGS = range(WORTH + 1)
HERE = os.getpid()


def doubled(thing: int) -> int:
    return 2 * thing


def only_here(thing: int) -> int:
    assert os.getpid() == HERE
    return thing


def killed_elsewhere(thing: int) -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return thing


def not_to_be_sent(thing: int) -> Callable[[], int]:
    return lambda: thing


def refused(thing: int) -> int:
    if thing >= 3:
        raise ValueError(thing)
    return thing


def interrupted(thing: int) -> int:
    if os.getpid() == HERE:
        raise KeyboardInterrupt
    return thing


@pytest.fixture(autouse=True)
def nobody_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is left of any hand."""
    born: list[int] = []
    fork = os.fork

    def noted() -> int:
        born.append(fork())
        return born[-1]

    monkeypatch.setattr(crew.os, "fork", noted)
    yield
    for hand in born:
        with pytest.raises(ChildProcessError):
            os.waitpid(hand, os.WNOHANG)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_comes_of_each_thing_comes_in_their_order(number: int) -> None:
    assert Hands(number).each(doubled, THINGS) == ALONE.each(doubled, THINGS)


def test_the_work_is_really_shared() -> None:
    assert len({*Hands(3).each(lambda _: os.getpid(), THINGS)}) == 3


def test_a_few_things_are_not_worth_a_second_hand() -> None:
    assert {*Hands(2).each(lambda _: os.getpid(), THINGS[: WORTH - 1])} == {HERE}


@pytest.mark.parametrize("work", [only_here, killed_elsewhere])
def test_what_another_hand_fails_to_do_is_done_here(work: Callable[[int], int]) -> None:
    assert Hands(2).each(work, THINGS) == [*THINGS]


def test_what_cannot_be_sent_is_made_here() -> None:
    assert [made() for made in Hands(2).each(not_to_be_sent, THINGS)] == [*THINGS]


def test_the_first_thing_that_is_wrong_is_told_whoever_met_it() -> None:
    with pytest.raises(ValueError, match=r"^3$"):
        Hands(2).each(refused, THINGS)


def test_an_interrupt_ends_every_hand() -> None:
    with pytest.raises(KeyboardInterrupt):
        Hands(2).each(interrupted, THINGS)


ENDLESS = """
import os, sys
from statusgen.crew import Hands, WORTH
here = os.getpid()
def work(thing):
    if os.getpid() != here:
        return b"." * 10_000
    print("begun", flush=True)
    sys.stdin.read()
Hands(3).each(work, range(3 * WORTH))
"""


def test_a_hand_ends_when_there_is_nobody_left_to_work_for() -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.kill()
        process.communicate(timeout=30)  # the output is open as long as any of them is there


def test_where_no_process_can_be_had_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(crew.os, "fork", full)
    assert Hands(2).each(doubled, THINGS) == ALONE.each(doubled, THINGS)


def test_a_hand_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    print("before", end="")  # noqa: T201 - waits to be written, and must be written once
    Hands(2).each(only_here, THINGS)
    sys.stdout.flush()
    assert capfd.readouterr() == ("before", "")


@pytest.mark.parametrize(("cores", "hands"), [(1, 1), (2, 2), (64, 4)])
def test_there_are_as_many_hands_as_cores_but_not_without_end(
    cores: int, hands: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {*range(cores)}, raising=False)
    monkeypatch.setattr(crew.sys, "platform", "linux")
    chosen = choose_crew()
    assert isinstance(chosen, Hands)
    assert chosen.number == hands


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_where_a_process_should_not_split_there_is_one_hand(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew.sys, "platform", system)
    assert choose_crew() is ALONE


def test_none_at_all_is_no_work() -> None:
    nothing: Sequence[int] = ()
    assert Hands(2).each(doubled, nothing) == []
