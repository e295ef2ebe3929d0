"""Collections to rank, the formulas of `docs/rarity.md` in plain Python, and the reference implementation's answers."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf, isclose, log2, prod
from pathlib import Path
from typing import Any

import numpy as np

from steadymint.catalog.rarity import Method, TokenTraits

Document = Mapping[str, str | int | Sequence[str]]
"""Name to a text, to a number, or to several texts."""

ROOT = Path(__file__).parents[2]
ORACLE = ROOT / "tests" / "support" / "rarity_oracle.py"

WORKED: list[Document] = [
    {"Hat": "Cap", "Eyes": "Blue"},
    {"Hat": "Cap", "Eyes": "Blue"},
    {"Hat": "Crown", "Eyes": "Blue"},
    {"Hat": "Cap"},
    {"Hat": "Cap", "Eyes": "Green"},
]
"""The example of `docs/rarity.md`."""


def texts(value: Any) -> list[str]:
    """The texts among what a document says under one name."""
    if isinstance(value, str):
        return [value]
    return [] if isinstance(value, int) else list(dict.fromkeys(value))


def said(document: Document) -> int:
    """OpenRarity's trait_count."""
    return sum(
        sum(text not in ("", "none") for text in texts(value)) if not isinstance(value, int) else 1
        for value in document.values()
    )


def traits_of(documents: Sequence[Document]) -> TokenTraits:
    """As ranking would read it from the database."""
    links = [(token, (name, text)) for token, one in enumerate(documents) for name in one for text in texts(one[name])]
    values = sorted({value for _, value in links})
    names = sorted({name for name, _ in values})
    return TokenTraits(
        np.array([said(one) for one in documents], dtype=np.int64),
        np.array([names.index(name) for name, _ in values], dtype=np.int64),
        np.array([token for token, _ in links], dtype=np.int64),
        np.array([values.index(value) for _, value in links], dtype=np.int64),
    )


def plain_scores(documents: Sequence[Document]) -> dict[Method, list[float]]:
    """The formulas as they are written down, one token at a time."""
    total = len(documents)
    names = {name for one in documents for name in one if texts(one[name])}
    count: dict[str, Counter[str | None]] = {name: Counter() for name in names}
    for one in documents:
        for name in names:
            count[name].update(texts(one.get(name, [])) or [None])
    meta = Counter(said(one) for one in documents)
    entropy = -sum(n / total * log2(n / total) for all_ in (*count.values(), meta) for n in all_.values())
    scores: dict[Method, list[float]] = {method: [] for method in Method}
    for one in documents:
        seen = [
            (count[name][text] / total, len(count[name]) - (None in count[name]))
            for name in names
            for text in (texts(one.get(name, [])) or [None])
        ] + [(meta[said(one)] / total, len(meta))]
        shares = [p for p, _ in seen]
        scores[Method.OPENRARITY].append(sum(-log2(p) for p in shares) / (entropy or 1))
        scores[Method.RARITY_SCORE].append(sum(1 / p for p in shares))
        scores[Method.RARITY_SCORE_NORMALIZED].append(sum(1 / p / values for p, values in seen))
        scores[Method.STATISTICAL].append(prod(shares))
        scores[Method.AVERAGE].append(sum(shares) / len(shares))
        scores[Method.RAREST_TRAIT].append(min(shares))
    return scores


def plain_unique(documents: Sequence[Document]) -> list[int]:
    """How many values, the trait count among them, each token alone has."""
    count = Counter((name, text) for one in documents for name in one for text in texts(one[name]))
    meta = Counter(said(one) for one in documents)
    return [
        sum(count[name, text] == 1 for name in one for text in texts(one[name])) + (meta[said(one)] == 1)
        for one in documents
    ]


def plain_ranks(rarity: Sequence[float], first: Sequence[int] | None = None) -> list[int]:
    """1, 2, 2, 4, the highest first."""
    order = sorted(range(len(rarity)), key=lambda token: (first[token] if first else 0, rarity[token]), reverse=True)
    ranks = [0] * len(rarity)
    before = inf
    for place, token in enumerate(order):
        ranks[token] = ranks[order[place - 1]] if isclose(rarity[token], before) else place + 1
        before = rarity[token]
    return ranks


def collections() -> dict[str, list[Document]]:
    """Of each kind some: ties, missing traits, unique ones, one trait, all equal, numbers, odd spellings."""
    made: dict[str, list[Document]] = {
        "worked": WORKED,
        "all equal": [{"a": "x", "b": "y"}] * 7,
        "one trait": [{"a": "x"}] * 6 + [{"a": "y"}] * 3 + [{"a": "z"}],
        "all different": [{"a": f"v{number}"} for number in range(9)],
        "nothing at all": [{}] * 4,
        "one has nothing": [{"a": "x"}] * 4 + [{}],
        "none and empty": [{"a": "none", "b": "x"}, {"a": "", "b": "x"}, {"a": "x", "b": "none"}, {"b": "x"}],
        "the same score, alone in one or common in two": [
            {"a": a, "b": b} for a, b in ("12", "22", "11", "11", "31", "11", "21", "21")
        ],
        "numbers only": [{"level": number % 3, "power": number} for number in range(6)],
        "numbers beside texts": [{"a": "xyz"[number % 3], "level": number} for number in range(8)]
        + [{"a": "x"}, {"level": 1}],
        "a trait that few have": [{"a": "xy"[number % 2]} for number in range(40)] + [{"a": "x", "b": "q"}],
        "a trait that few lack": [{"a": "xy"[number % 2], "b": "q"} for number in range(40)] + [{"a": "x"}],
    }
    for seed in range(40):
        dice = random.Random(seed)
        names = [f"t{number}" for number in range(dice.randint(1, 7))]
        has = dice.choice([0.2, 0.5, 0.8, 1.0])
        made[f"random {seed}"] = [
            {name: dice.choice("abcde"[: dice.randint(1, 5)]) for name in names if dice.random() < has}
            for _ in range(dice.randint(2, 80))
        ]
    dice = random.Random(1)
    made["large"] = [{f"t{name}": f"v{min(int(dice.expovariate(0.15)), 60)}" for name in range(8)} for _ in range(2000)]
    return made


def ask_oracle(asked: Mapping[str, Sequence[Document]]) -> dict[str, dict[str, Any]]:
    """What open-rarity 0.7.5 says of each collection, in an environment of its own: it needs an old pydantic.

    Raises:
        RuntimeError: the environment cannot be made here (no network, no Python 3.11).
    """
    command = [str(ROOT / "scripts" / "uv"), "run", "--quiet", "--no-project", "--isolated", "--python", "3.11"]
    command += ["--with", "open-rarity==0.7.5", "python"]
    there = subprocess.run([*command, "-c", "import open_rarity"], capture_output=True, text=True, check=False)
    if there.returncode:
        raise RuntimeError(there.stderr[-500:])
    answered = subprocess.run(
        [*command, str(ORACLE)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(answered.stdout)
