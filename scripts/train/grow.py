"""Grows trees on rows of numbers: python3 grow.py DIR NAME '{"rounds": 150, ...}' (called by grow.ts).

Reads DIR/NAME.f32, rows of [features..., label 0 to 1, weight, fold]; the folds are of whole sites. `without` in
the options says which folds to leave out, set by set: [[0], [0, 1], [-1]]; -1 is nobody's fold. For each set trees
are grown on the other rows and score those left out: DIR/NAME.scores, one set after another, 0 for the rest. DIR/NAME.json gets the trees of
the last set in the form of lib/article/decision-trees.ts.
"""

import json
import sys

import lightgbm
import numpy as np

directory, name, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
rounds, width, without = options.pop("rounds"), options.pop("width"), options.pop("without")
rows = np.fromfile(f"{directory}/{name}.f32", dtype=np.float32).reshape(-1, width + 3)
features, label, weight, fold = rows[:, :width], rows[:, width], rows[:, width + 1], rows[:, width + 2]

parameters = {
    "objective": "cross_entropy",
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbose": -1,
    **options,
}


def grow(chosen):
    data = lightgbm.Dataset(features[chosen], label[chosen], weight=weight[chosen])
    return lightgbm.train(parameters, data, rounds)


def short(number):
    """Four digits are enough, and keep the file small."""
    return f"{number:.4g}"


def keep(model):
    kept = {"roots": [], "columns": [], "thresholds": [], "skips": []}

    def add(node):
        at = len(kept["skips"])
        is_leaf = "leaf_value" in node
        kept["columns"].append(0 if is_leaf else node["split_feature"])
        kept["thresholds"].append(short(node["leaf_value"] if is_leaf else node["threshold"]))
        kept["skips"].append(0)
        if not is_leaf:
            add(node["left_child"])
            kept["skips"][at] = len(kept["skips"]) - at
            add(node["right_child"])

    for tree in model.dump_model()["tree_info"]:
        kept["roots"].append(len(kept["skips"]))
        add(tree["tree_structure"])
    return {"width": width, **{name: " ".join(map(str, numbers)) for name, numbers in kept.items()}}


# A weight of 0 is of a row that is scored, but not learned from. Of many light rows few stand for all, with the
# same weight together: a page has hundreds of links, which teach little.
MAX_ROWS = 100_000
lightest = 0.0
if np.count_nonzero(weight) > MAX_ROWS:
    low, high = 0.0, float(weight.max())
    for _ in range(50):
        lightest = (low + high) / 2
        low, high = (lightest, high) if np.minimum(1, weight / lightest).sum() > MAX_ROWS else (low, lightest)
learned = weight > np.random.default_rng(7).random(len(weight)) * lightest
weight = np.maximum(weight, lightest)
scores = np.zeros((len(without), len(rows)))
for number, folds in enumerate(without):
    left_out = np.isin(fold, folds)
    model = grow(learned & ~left_out)
    if left_out.any():
        scores[number, left_out] = model.predict(features[left_out])
scores.tofile(f"{directory}/{name}.scores")
with open(f"{directory}/{name}.json", "w", encoding="utf-8") as file:
    json.dump(keep(model), file, separators=(",", ":"))
