"""What somebody who can write to Redis would like a worker to run."""

ran: list[str] = []
"""Tells that one of these was run in this process."""


def function(*args: object, **kwargs: object) -> str:
    ran.append("function")
    return "run"


def callback(*args: object, **kwargs: object) -> None:
    ran.append("callback")


class Unpickled:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return function, ()
