"""`python -m bench [start|press|throughput|slots|timers|prices|summaries …] [--quick]`: prints tables."""

import argparse
import asyncio

from bench import press, prices, slots, start, summaries, throughput, timers

NAMES = ("start", "press", "throughput", "slots", "timers", "prices", "summaries")


def main() -> None:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The benches; they print tables.")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which; all when none is named")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    asked = parser.parse_args()
    small = asked.quick
    for name in asked.names or NAMES:
        if name == "start":
            asyncio.run(start.measure(2 if small else 7))
        elif name == "press":
            asyncio.run(press.measure(50 if small else 500))
        elif name == "throughput":
            asyncio.run(throughput.measure(1 if small else 3, 200 if small else 1000))
        elif name == "slots":
            slots.measure(3 if small else 20)
        elif name == "timers":
            asyncio.run(timers.measure(timers.SIZES[:1] if small else timers.SIZES, 400 if small else 4_000, 3))
        elif name == "summaries":
            asyncio.run(summaries.measure(20_000 if small else 1_000_000, 2 if small else 5))
        else:
            prices.measure(2 if small else 50)


if __name__ == "__main__":
    main()
