import asyncio

from k8sgen_lsp.scheduling import Queue


class Runs:
    """Runs that end when told to; each returns its number, or nothing if it was abandoned."""

    def __init__(self, patience: float = 10.0) -> None:
        self.started: list[asyncio.Future] = []
        self.queue = Queue(self.run, self.abandon, patience)

    async def run(self) -> int | None:
        number = len(self.started)
        self.started.append(asyncio.get_running_loop().create_future())
        return number if await self.started[number] else None

    def abandon(self) -> None:
        self.started[-1].set_result(False)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_all_who_ask_during_a_run_share_the_next():
    runs = Runs()
    first, *others = [asyncio.create_task(runs.queue.ask())]
    await settle()
    others = [asyncio.create_task(runs.queue.ask()) for _ in range(5)]
    await settle()
    assert len(runs.started) == 1

    runs.started[0].set_result(True)
    await settle()
    runs.started[1].set_result(True)

    assert await first == 0
    assert await asyncio.gather(*others) == [1] * 5
    assert len(runs.started) == 2


async def test_a_run_that_hangs_gives_way_and_its_askers_get_the_successors_result():
    runs = Runs(patience=0.01)
    first = asyncio.create_task(runs.queue.ask())
    await settle()
    second = asyncio.create_task(runs.queue.ask())
    while len(runs.started) < 2:
        await asyncio.sleep(0.01)
    runs.started[1].set_result(True)

    assert await asyncio.gather(first, second) == [1, 1]


async def test_who_joins_a_run_gets_its_result_and_starts_none():
    runs = Runs()
    first = asyncio.create_task(runs.queue.ask())
    await settle()
    joined = asyncio.create_task(runs.queue.join())
    await settle()
    runs.started[0].set_result(True)

    assert await asyncio.gather(first, joined) == [0, 0]
    assert len(runs.started) == 1


async def test_who_joins_a_run_that_hangs_gets_its_successors_result():
    runs = Runs(patience=0.01)
    first = asyncio.create_task(runs.queue.ask())
    await settle()
    joined = asyncio.create_task(runs.queue.join())
    second = asyncio.create_task(runs.queue.ask())
    while len(runs.started) < 2:
        await asyncio.sleep(0.01)
    runs.started[1].set_result(True)

    assert await asyncio.gather(first, joined, second) == [1, 1, 1]


async def test_an_asker_that_is_cancelled_ends_the_run_for_nobody_else():
    runs = Runs()
    first = asyncio.create_task(runs.queue.ask())
    await settle()
    second, third = (asyncio.create_task(runs.queue.ask()) for _ in range(2))
    await settle()
    second.cancel()
    runs.started[0].set_result(True)
    await settle()
    runs.started[1].set_result(True)

    assert (await first, await third) == (0, 1)
