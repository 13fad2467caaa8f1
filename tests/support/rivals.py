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


class Crowd:
    """Processes that live through many rounds: starting them costs more than a round does.

    `prepare(*task)` makes, in each process, what it does in a round, given what `all_at_once` is
    called with.
    """

    def __init__(self, prepare: Callable[..., Callable[..., Any]], tasks: Sequence[Any]) -> None:
        # Each is forked from a clean process, which is faster than fifty times the imports.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([prepare.__module__])
        self._ready = context.Barrier(len(tasks))  # kept: a process may be slow to open it
        self._pipes, self._processes = [], []
        for task in tasks:
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_member, args=(prepare, task, self._ready, theirs), daemon=True
            )
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def all_at_once(self, *asked: Any) -> list[Any]:
        """One round; the answers in the order of the tasks. What a process raised is raised."""
        for pipe in self._pipes:
            pipe.send(asked)
        answers = []
        for pipe in self._pipes:
            if not pipe.poll(_PATIENCE):
                raise TimeoutError("a process did not answer")
            answers.append(pipe.recv())
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(_PATIENCE)


def _member(prepare: Any, task: Any, ready: Any, pipe: Any) -> None:
    work = prepare(*task)
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return  # the parent has closed its end
        try:
            pipe.send(work(ready, *asked))
        except Exception as fault:
            pipe.send(RuntimeError(repr(fault)))
