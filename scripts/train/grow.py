"""Grows one set of trees: python3 grow.py DIR NAME '{"rounds": 150, ...}' (called by train.ts).

Reads DIR/NAME.f32, rows of [features..., label 0 to 1, weight, fold]. Writes DIR/NAME.scores, for each row the
score given by trees that saw no row of its fold (the folds are of whole sites), and DIR/NAME.json, the trees
grown on all rows in the form of lib/article/decision-trees.ts.
"""

import json
import sys

import lightgbm
import numpy as np

directory, name, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
rounds, width = options.pop("rounds"), options.pop("width")
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


scores = np.zeros(len(rows))
for number in np.unique(fold):
    scores[fold == number] = grow(fold != number).predict(features[fold == number])
scores.tofile(f"{directory}/{name}.scores")
with open(f"{directory}/{name}.json", "w", encoding="utf-8") as file:
    json.dump(keep(grow(fold >= 0)), file, separators=(",", ":"))
