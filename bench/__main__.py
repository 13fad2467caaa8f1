"""`python -m bench`: the whole buying journey beside a bare Flask page, in alternating rounds, and
SMS in and out beside Kannel."""

import argparse
import json
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bench import echo, journey, market, report
from bench.journey import WrongScreen
from bench.load import Broken, Caller, drive
from bench.report import Level

CONNECTIONS = (1, 16, 128)
ROUNDS, SECONDS, WARM_UP = 5, 3.0, 0.5
QUICK_ROUNDS, QUICK_SECONDS, QUICK_MESSAGES = 1, 0.5, 300
RESULT = Path(__file__).parent / "results" / "latest.json"


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """All rounds, first bare then the journey at each number of connections.

    Raises WrongScreen, Broken, OSError; Broken too when the orders that buyers were told of are
    not those in the database.
    """
    levels = [Level(connections) for connections in CONNECTIONS]
    with TemporaryDirectory(prefix="pasar-bench-") as folder:
        settings, env = market.settings_in(Path(folder))
        crowd = market.fill(settings, Random(1))
        buyers = [Caller(crowd.shop()) for _ in range(max(CONNECTIONS))]
        others = [Caller(journey.bare()) for _ in range(max(CONNECTIONS))]
        with market.open_servers(settings, env) as servers:
            for number in range(rounds):
                for level in levels:
                    print(
                        f"round {number + 1} of {rounds}, {level.connections} connections ",
                        end="\r" if sys.stderr.isatty() else "\n",
                        file=sys.stderr,
                    )
                    some = slice(level.connections)
                    level.bare.append(drive(servers.bare, others[some], seconds, WARM_UP))
                    level.journey.append(drive(servers.market, buyers[some], seconds, WARM_UP))
        if market.orders(settings) != crowd.orders:
            raise Broken("the orders that buyers were told of are not those in the database")
    return {
        **report.machine(),
        "server": servers.command,
        "redis": servers.redis,
        "rounds": rounds,
        "seconds": seconds,
        "orders": len(crowd.orders),
        "levels": [level.figures() for level in levels],
    }


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    parser.add_argument("--messages", type=int, default=echo.MESSAGES, help="in and out")
    parser.add_argument("--only", choices=("journey", "echo"), help="leave the other out")
    parser.add_argument("--quick", action="store_true", help="one short round: does it work?")
    parser.add_argument("--output", type=Path, default=RESULT, help="the JSON file")
    parser.add_argument(
        "--profile",
        type=int,
        nargs="?",
        const=300,
        metavar="JOURNEYS",
        help="instead: where the time of a hop goes, in one process",
    )
    args = parser.parse_args()
    if args.profile:
        from bench.profiling import profile  # the application, which only this needs in here

        print(profile(args.profile))
        return 0
    rounds, seconds, messages = args.rounds, args.seconds, args.messages
    if args.quick:
        rounds, seconds, messages = QUICK_ROUNDS, QUICK_SECONDS, QUICK_MESSAGES
    result: dict[str, Any] = {}
    try:
        if args.only != "echo":
            result |= measure(rounds, seconds)
        if args.only != "journey":
            with TemporaryDirectory(prefix="pasar-bench-") as folder:
                result["echo"] = echo.measure(Path(folder), messages)
    except (WrongScreen, Broken, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_text(json.dumps(result, indent=1) + "\n")
    if "levels" in result:
        print(report.table(result["levels"]))
        print(
            f"medians of {rounds} rounds of {seconds:g} s; {result['orders']} orders placed; fsync"
            f" {result['fsync_ms']} ms; {'with' if result['redis'] else 'without'} Redis"
        )
    if "echo" in result:
        print(report.echo(result["echo"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
