"""Train the pair network on generated tables: `python -m simsearch.training.pair_model.train`.

With its defaults it makes the weights that ship with the package. `--leave-out TOPIC` keeps a
topic's families out of training and says how well the network does on them.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from simsearch.files import replace_file
from simsearch.records.pair_network import WEIGHTS
from simsearch.training.pair_model.examples import PairExamples, TableExamples
from simsearch.training.pair_model.measure import figures_line, network_figures
from simsearch.training.pair_model.network import TorchPairNetwork
from simsearch.training.pair_model.sampling import examples_of
from simsearch.training.pair_model.tables import FAMILIES, generate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FitOptions", "fit", "main", "tables_of"]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How the network is fitted.

    Attributes:
        epochs: times that every pair is seen.
        batch: pairs a step.
        rate: greatest learning rate; it rises for a tenth of the steps, then falls to nothing.
        decay: weight decay.
        hidden: share of tables whose roles are hidden, another draw each epoch.
        seed: of weights and order.
    """

    epochs: int = 16
    batch: int = 1024
    rate: float = 3e-3
    decay: float = 1e-3
    hidden: float = 0.15
    seed: int = 0


def fit(tables: Sequence[TableExamples], options: FitOptions | None = None) -> TorchPairNetwork:
    """Fit a network to the pairs of some tables; the same tables and options give the same."""
    chosen = options or FitOptions()
    examples, rng = PairExamples(tables), np.random.default_rng(chosen.seed)
    network = TorchPairNetwork(chosen.seed)
    parts = len(examples) // chosen.batch + 1
    optimizer = torch.optim.AdamW(network.parameters(), lr=chosen.rate, weight_decay=chosen.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, chosen.rate, total_steps=chosen.epochs * parts, pct_start=0.1
    )
    mean = float(examples.weight.mean())
    for _ in range(chosen.epochs):
        hidden = rng.random(examples.tables) < chosen.hidden
        for part in np.array_split(rng.permutation(len(examples)), parts):
            batch = examples.batch(part, hidden)
            loss = F.binary_cross_entropy_with_logits(
                network(batch), batch.same, weight=batch.weight / mean
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network


def tables_of(families: Sequence[str], each: int, first: int = 0) -> Iterator[TableExamples]:
    """Examples of generated tables.

    Args:
        families: names of families.
        each: tables of each.
        first: seed of the first table of a family.
    """
    for seed in range(first, first + each):
        for family in families:
            found = examples_of(generate(family, seed), seed)
            if found is not None:
                yield found


def main(arguments: Sequence[str] | None = None) -> int:
    """Make tables, fit, measure on tables of other seeds or of the topic left out, save."""
    args = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    families = [name for name, f in FAMILIES.items() if f.topic != args.leave_out]
    if len(families) == len(FAMILIES) and args.leave_out:
        topics = ", ".join(sorted({f.topic for f in FAMILIES.values()}))
        sys.exit(f"no topic {args.leave_out!r}; there are: {topics}")
    started = time.monotonic()
    tables = list(tables_of(families, args.tables))
    made = time.monotonic()
    print(f"{len(tables)} tables, {sum(len(t.same) for t in tables)} pairs: {made - started:.0f} s")
    network = fit(tables, FitOptions(epochs=args.epochs, seed=args.seed))
    print(f"fitted: {time.monotonic() - made:.0f} s")
    held_out = [name for name in FAMILIES if name not in families] or families
    for name, figures in network_figures(network, tables_of(held_out, args.test, 1_000_000)):
        print(figures_line(name, figures))
    if not args.leave_out:
        _save(network, args.out)
    return 0


def _save(network: TorchPairNetwork, path: Path) -> None:
    """Write the weights beside the file and rename them."""
    from safetensors.numpy import save

    replace_file(path, save(network.arrays()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", type=int, default=40, help="tables a family")
    parser.add_argument("--test", type=int, default=4, help="tables a family to measure on")
    parser.add_argument("--epochs", type=int, default=FitOptions().epochs)
    parser.add_argument("--leave-out", metavar="TOPIC", help="train without a topic, measure on it")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file for the weights")
    return parser


if __name__ == "__main__":
    sys.exit(main())
