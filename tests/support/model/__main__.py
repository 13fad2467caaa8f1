"""`make model RUNS=2000`: plays the market that often, and says what happened in it."""

import sys
import time

from tests.support.model.runs import STEPS, never_done, play_everywhere


def main(runs: int) -> int:
    began = time.monotonic()
    done = play_everywhere(runs)
    played, missing = done.pop("runs"), sorted(never_done(done))
    print(f"{played} runs of {STEPS} steps in {time.monotonic() - began:.0f} s")
    for name, count in done.most_common():
        print(f"{count:9} {name}")
    for name in missing:
        print(f"        0 {name}: a game in which this never happens proves nothing about it")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
