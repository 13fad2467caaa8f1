"""Several at the same moment: threads of this process, or processes of their own."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_PATIENCE = 60.0


def in_threads(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Makes all calls at once from threads of their own; their answers in order.

    What a call raises is raised here.
    """
    answers: dict[int, Answer] = {}
    faults: list[BaseException] = []
    ready = threading.Barrier(len(calls))

    def run(index: int) -> None:
        ready.wait(_PATIENCE)
        try:
            answers[index] = calls[index]()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return [answers[index] for index in range(len(calls))]


def in_processes(work: Callable[..., Answer], tasks: Sequence[tuple[Any, ...]]) -> list[Answer]:
    """Calls `work`, a function of a module, at once in a new process for each task; in order."""
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(len(tasks)), context.Queue()
    processes = [
        context.Process(target=_run, args=(work, task, index, ready, answers), daemon=True)
        for index, task in enumerate(tasks)
    ]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=_PATIENCE) for _ in processes)
    for process in processes:
        process.join()
    for answer in found.values():
        if isinstance(answer, BaseException):
            raise answer
    return [found[index] for index in range(len(tasks))]


def _run(work: Any, task: Any, index: int, ready: Any, answers: Any) -> None:
    try:
        ready.wait(_PATIENCE)
        answers.put((index, work(*task)))
    except BaseException as fault:
        answers.put((index, RuntimeError(repr(fault))))
