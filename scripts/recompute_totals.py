"""The totals of a campaign once more, from nothing but the sheet that everybody can take along.

    python3 recompute_totals.py results.csv

It needs only Python and follows docs/use/results.md, so that a newspaper or an archive can check
the figures on the page without trusting this software.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path


def ends(figures):
    """The lowest at-least and the highest at-most of several figures of one thing. Where nobody
    says an at-least, or an at-most, that end is not known.
    """
    lows = [low for low, high in figures if low is not None]
    highs = [high for low, high in figures if high is not None]
    low = min(lows + highs) if lows else None
    high = max(lows + highs) if highs else None
    return low, high


def summed(groups):
    """The sums of the lower and of the upper ends; what has no upper end adds its lower one."""
    ranges = [ends(figures) for figures in groups]
    low = sum(low or 0 for low, high in ranges)
    high = sum(high if high is not None else (low or 0) for low, high in ranges)
    return low, high


def number(cell):
    return int(cell) if cell else None


class Action:
    def __init__(self):
        self.figures, self.claims, self.voices = [], {}, defaultdict(list)
        self.aside, self.keys = 0, {}

    def read(self, row):
        self.keys = {
            "countries": [row["country"]],
            "cities": [row["city"]] if row["city"] else [],
            "moments": [row["moment"]] if row["moment"] else [],
            "organisations": row["organisations"].split(),
        }
        if not row["claim"]:
            return
        if row["claim_says"] == "took place":
            self.claims.setdefault(row["claim"], [])
        self.aside += bool(row["set_aside_on"])
        if row["in_force"] == "yes":
            figure = (number(row["low"]), number(row["high"]))
            self.figures.append(figure)
            self.claims[row["claim"]].append(figure)
            self.voices[row["made_up_as"]].append(figure)


def total(actions):
    known = [one.figures for one in actions if one.figures]
    claims = [figures for one in actions for figures in one.claims.values()]
    low, high = summed(known)
    claims_low, claims_high = summed(claims)
    voices = sorted({voice for one in actions for voice in one.voices})
    said = {
        voice: [one.voices[voice] for one in actions if voice in one.voices] for voice in voices
    }
    return {
        "actions": len(actions),
        "reported": sum(bool(one.claims) for one in actions),
        "unknown": len(actions) - len(known),
        "low": low,
        "high": high,
        "set_aside": sum(one.aside for one in actions),
        "claims": len(claims),
        "avoided_low": claims_low - low,
        "avoided_high": claims_high - high,
        "made_up_of": {voice: [len(said[voice]), *summed(said[voice])] for voice in voices},
    }


def recomputed(rows):
    """Everything that the page of results shows."""
    actions, others = defaultdict(Action), defaultdict(set)
    for row in rows:
        if row["action_counts"] == "yes":
            actions[row["action"]].read(row)
        else:
            others[row["action_is"]].add(row["action"])
    found = total(list(actions.values()))
    found["to_come"], found["called_off"] = len(others["to come"]), len(others["called off"])
    for kind in ("countries", "cities", "moments", "organisations"):
        groups = defaultdict(list)
        for one in actions.values():
            for key in one.keys[kind]:
                groups[key].append(one)
        found[kind] = {key: total(group) for key, group in groups.items()}
    return found


def main(name):
    with Path(name).open(encoding="utf-8-sig", newline="") as sheet:
        found = recomputed(csv.DictReader(sheet))
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
