"""How schemes are found: the success of `gp-fft discover` over seeds, as it is and with one thing changed at a time.

Run `python -m benchmarks.schemes figures`, `ablations` or `past` (the ways past radix-2); `--quick` to see that it
runs. Seconds are those of the process, on one thread, with kernels that are compiled; generations, steps and costs are
the same on every machine.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

from matplotlib.figure import Figure

from gp_fft.schemes.discovery import generations
from gp_fft.schemes.family import Family
from gp_fft.schemes.operations import operations
from gp_fft.schemes.running import verify_sizes
from gp_fft.schemes.settings import ALL, REWRITES, Asked

RADIX_2, SPLIT_RADIX = 7696, 6664  # flops at n = 256
DFT = Family("dft", 2)
FIGURES = {
    "dft 2^k": (DFT, RADIX_2, {}),
    "dft 2^k to split radix": (DFT, SPLIT_RADIX, {}),
    "idft 2^k": (Family("idft", 2), RADIX_2, {}),
    "wht 2^k": (Family("wht", 2), 2048, {}),
    "dht 2^k": (Family("dht", 2), None, {}),
    "dft 3^k": (Family("dft", 3), None, {}),
    "dft 4^k": (Family("dft", 4), None, {}),
    "dft 5^k": (Family("dft", 5), None, {}),
}


def without(*names):
    """The operators but these."""
    return tuple(name for name in ALL if name not in names)


ABLATIONS = {
    "as it is": {},
    "cost counted per tree": {"sharing": False},
    "own recursion": {"oracle": False},
    "exact rows": {"graded": False},
    "output: best row": {"output": "row"},
    "output: last row": {"output": "last"},
    "without crossover": {"operators": without("crossover")},
    "without duplication": {"operators": without("duplicate")},
    "population 4": {"population": 4},
    "population 64": {"population": 64},
    "best row, without duplication": {"output": "row", "operators": without("duplicate")},
}
PAST = {
    "as it is": {},
    "without unfolding": {"operators": without("unfold")},
    "without any rewrite": {"operators": without(*(name for name in REWRITES if name != "mutate"))},
    "without merging": {"operators": without("merge")},
    "without commuting": {"operators": without("commute")},
    "without mutation of what is right": {"operators": without("mutate")},
    "halves alone (depth 1)": {"depth": 1},
    "eighths (depth 3)": {"depth": 3, "sizes": (8, 16)},
    "weighted residues and sizes": {"selection": "cases"},
    "incremental targets": {"selection": "targets"},
    "incremental targets, without unfolding": {"selection": "targets", "operators": without("unfold")},
    "scored at 4 and 8 alone": {"sizes": (4, 8)},
    "scored at 8, 16 and 32": {"sizes": (8, 16, 32)},
    "climbing with a temperature": {"temperature": 0.002},
    "neutral drift, no annealing": {"operators": without("anneal")},
    "islands do not begin afresh": {"operators": without("restart", "migrate")},
    "without duplication": {"operators": without("duplicate")},
}


def one(family, seed, target, cap, seconds, asked):
    """One run: steps, seconds and cost of the first right scheme, and when the target was reached."""
    began, first, state = time.process_time(), None, None
    per_tree = not asked.get("sharing", True)  # whose costs are no counts: it stops when its time is over
    settings = Asked(seed=seed, generations=cap, threads=1, target_cost=None if per_tree else target or 1e12, **asked)
    for latest, record in generations(family, settings):
        state = latest
        if first is None and record["best_exact_cost"] is not None:
            first = (record["steps"], time.process_time() - began, record["best_exact_cost"])
        if time.process_time() - began > seconds:
            break
    best, took = state.best_exact(), time.process_time() - began
    faked = best is not None and not all(size.passed for size in verify_sizes(best.scheme))
    if faked:  # right at the sizes that are scored, and at no other
        return {"first": None, "cost": None, "reached": False, "seconds": took, "steps": state.steps, "faked": True}
    cost = best and operations(best.scheme, family.members(256)[-1])
    reached = best is not None and (target is None or cost <= target)
    return {"first": first, "cost": cost, "reached": reached, "seconds": took, "steps": state.steps, "faked": False}


def row(name, family, seeds, target, cap, seconds, asked):
    """The runs of one setting as a line of the table."""
    runs = [one(family, seed, target, cap, seconds, asked) for seed in seeds]
    right = [run for run in runs if run["first"]]
    reached, faked = [run for run in runs if run["reached"]], sum(run["faked"] for run in runs)
    line = {
        "setting": name,
        "right": f"{len(right)} of {len(runs)}" + (f", {faked} faked" if faked else ""),
        "steps": median([run["first"][0] for run in right]),
        "seconds": median([run["first"][1] for run in right]),
        "reached": f"{len(reached)} of {len(runs)}",
        "seconds to it": median([run["seconds"] for run in reached]),
        "costs": sorted({run["cost"] for run in right}),
    }
    print(
        f"| {line['setting']} | {line['right']} | {line['steps']:,.0f} | {line['seconds']:.2f} | {line['reached']} | "
        f"{line['seconds to it']:.2f} |",
        flush=True,
    )
    return line


def median(values):
    """The median, not a number of nothing."""
    return statistics.median(values) if values else float("nan")


def main(argv=None):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="figures", choices=("figures", "ablations", "past"))
    parser.add_argument("--quick", action="store_true", help="one seed and few generations, to see that it runs")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--generations", type=int, default=400, help="at most so many a run")
    parser.add_argument("--seconds", type=float, default=60.0, help="of the process, at most so many a run")
    parser.add_argument("--only", help="the setting of this name alone")
    parser.add_argument("--plot", type=Path, help="draw the success of every setting into this .svg or .png")
    parser.add_argument("--json", type=Path, help="write the lines here, too")
    asked = parser.parse_args(argv)
    if asked.quick:
        asked.seeds, asked.generations = 1, 3
    seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
    if asked.what == "figures":
        cases = [(name, *case) for name, case in FIGURES.items()]
    elif asked.what == "ablations":
        cases = [(name, DFT, RADIX_2, more) for name, more in ABLATIONS.items()]
    else:
        cases = [(name, DFT, SPLIT_RADIX, more) for name, more in PAST.items()]
    cases = [case for case in cases if asked.only in (None, case[0])]
    for _ in generations(DFT, Asked(generations=3, threads=1)):  # loads the kernels
        pass
    print("| setting | right | steps (median) | seconds (median) | to its target | seconds (median) |")
    print("|---|--:|--:|--:|--:|--:|")
    lines = [row(*case[:2], seeds, case[2], asked.generations, asked.seconds, case[3]) for case in cases]
    if asked.json:
        asked.json.write_text(json.dumps(lines, indent=1))
    if asked.plot:
        plot(lines, asked.plot)


def plot(lines, path):
    """The part of the seeds that found a right scheme, and that reached the target, for every setting."""
    figure = Figure(figsize=(8, 0.45 * len(lines) + 1.2), layout="constrained")
    axes = figure.subplots()
    for shift, key, colour in ((-0.2, "right", "#0067a8"), (0.2, "reached", "#b34700")):
        parts = [int(words[0]) / int(words[2].strip(",")) for words in (line[key].split() for line in lines)]
        label = "a right scheme" if key == "right" else "its target"
        axes.barh([k + shift for k in range(len(lines))], parts, 0.36, color=colour, label=label)
    names = [line["setting"] for line in lines]
    axes.set(yticks=range(len(lines)), yticklabels=names, xlabel="part of the seeds", xlim=(0, 1))
    axes.invert_yaxis()
    axes.legend(loc="lower right")
    figure.savefig(path)


if __name__ == "__main__":
    main()
