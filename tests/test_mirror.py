"""Each module has a suite of its own name that drives it, or a row says which suite does.

A suite drives a module by importing it or a name of it, through `simsearch.NAME`, or as the
command of that name. Where it goes through another door, the row of `HELD` names the door, and the
module must be among those that the door's own module imports.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import simsearch
from simsearch.commands import COMMANDS
from tests.test_floors import MODULES as IMPORTERS
from tests.test_floors import imported

PACKAGE = Path(simsearch.__file__).parent
TESTS = Path(__file__).parent
# By module: the suite that holds it and, where that does not drive it directly, through what.
HELD: dict[str, tuple[str, str]] = {
    "calibration/calibration.py": ("calibration/test_fit.py", ""),
    "calibration/held_out.py": ("training/test_train.py", "train"),
    "commands/anomalies.py": ("commands/test_index_encoder.py", ""),
    "commands/check.py": ("commands/test_upkeep.py", ""),
    "commands/classify.py": ("commands/test_index_items.py", ""),
    "commands/columns.py": ("commands/test_index_encoder.py", ""),
    "commands/compact.py": ("commands/test_upkeep.py", ""),
    "commands/duplicates.py": ("commands/test_index_encoder.py", ""),
    "commands/evaluate.py": ("commands/test_train.py", ""),
    "commands/export.py": ("commands/test_upkeep.py", ""),
    "commands/import.py": ("commands/test_upkeep.py", ""),
    "commands/index.py": ("commands/test_flags.py", ""),
    "commands/index_encoder.py": ("commands/test_index_encoder.py", "index"),
    "commands/index_options.py": ("commands/test_options.py", ""),
    "commands/info.py": ("commands/test_index_encoder.py", ""),
    "commands/notes.py": ("commands/test_index_items.py", "anomalies"),
    "commands/progress.py": ("commands/test_dedupe.py", "dedupe"),
    "commands/query.py": ("commands/test_index_encoder.py", ""),
    "commands/recalibrate.py": ("commands/test_index_encoder.py", ""),
    "commands/reference.py": ("test_docs.py", ""),
    "commands/remove.py": ("commands/test_index_query.py", ""),
    "commands/results.py": ("commands/test_dedupe.py", "dedupe"),
    "commands/source_options.py": ("commands/test_options.py", ""),
    "commands/table_options.py": ("commands/test_dedupe.py", "dedupe"),
    "commands/training_table.py": ("commands/test_plot.py", ""),
    "commands/verify.py": ("commands/test_train.py", ""),
    "distance.py": ("contract/test_engines.py", ""),
    "duplicates/gathered.py": ("duplicates/test_dedupe.py", "dedupe"),
    "duplicates/item_deduplication.py": ("duplicates/test_item_deduplication.py", "dedupe"),
    "duplicates/items.py": ("duplicates/test_items.py", "dedupe"),
    "duplicates/opposites.py": ("duplicates/test_differences.py", "Difference"),
    "duplicates/tiers.py": ("duplicates/test_lexical.py", "compare_texts"),
    "encoders/image.py": ("encoders/test_encoder.py", ""),
    "encoders/networks/classic.py": ("encoders/networks/test_towers.py", ""),
    "encoders/networks/dense.py": ("encoders/networks/test_towers.py", ""),
    "encoders/networks/glyph.py": ("encoders/networks/test_towers.py", ""),
    "encoders/networks/photo.py": ("encoders/networks/test_towers.py", ""),
    "encoders/networks/wave.py": ("encoders/networks/test_towers.py", ""),
    "encoders/signal.py": ("encoders/test_encoder.py", ""),
    "encoders/store.py": ("encoders/test_store.py", "RecordEncoder"),
    "encoders/text/encoder.py": ("encoders/text/test_static.py", ""),
    "encoders/text/model_folder.py": ("encoders/text/test_transformer.py", ""),
    "encoders/text/transformer.py": ("encoders/text/test_transformer.py", "TextEncoder"),
    "encoders/tower.py": ("encoders/test_networks.py", ""),
    "encoders/vector.py": ("encoders/test_encoder.py", ""),
    "errors.py": ("commands/test_main.py", ""),
    "evaluation/clusters.py": ("evaluation/test_clusters.py", "bcubed"),
    "evaluation/pairs.py": ("evaluation/test_pairs.py", "candidate_metrics"),
    "index/add.py": ("index/test_index.py", "Index"),
    "index/changes.py": ("index/test_index.py", "Index"),
    "index/check.py": ("index/test_index.py", "Index"),
    "index/classify.py": ("index/test_classify.py", "Index"),
    "index/create.py": ("index/test_index.py", "Index"),
    "index/duplicates.py": ("index/test_duplicates.py", "Index"),
    "index/items.py": ("index/test_index.py", "Index"),
    "index/queries.py": ("index/test_index.py", "Index"),
    "index/update.py": ("index/test_index.py", ""),
    "kinds/image.py": ("kinds/test_detect.py", "kind_for"),
    "kinds/kind.py": ("kinds/test_kind.py", "augment_for"),
    "kinds/numbers.py": ("kinds/test_detect.py", "kind_for"),
    "kinds/signal.py": ("kinds/test_detect.py", "kind_for"),
    "kinds/text.py": ("kinds/test_detect.py", "kind_for"),
    "kinds/vector.py": ("kinds/test_detect.py", "kind_for"),
    "records/choices.py": ("records/test_adapt.py", "Field"),
    "records/column_features.py": ("records/test_pair_features.py", ""),
    "records/content.py": ("records/test_roles.py", "ColumnRole"),
    "records/content_rules.py": ("records/test_roles.py", "ColumnRole"),
    "records/dedupe.py": ("records/test_dedupe.py", "dedupe"),
    "records/knowledge/companies.py": ("records/test_names.py", "company_name"),
    "records/knowledge/family_names.py": ("records/test_roles.py", "ColumnRole"),
    "records/knowledge/given_names.py": ("records/test_names.py", "company_name"),
    "records/knowledge/header_words.py": ("records/test_header.py", "header_scores"),
    "records/knowledge/months.py": ("records/test_dates.py", "canonical_dates"),
    "records/knowledge/places.py": ("records/test_roles.py", "ColumnRole"),
    "records/knowledge/scripts.py": ("records/test_names.py", "latin"),
    "records/pair_scorer.py": ("records/test_pair_features.py", ""),
    "records/role.py": ("records/test_adapt.py", ""),
    "records/whole_pair_features.py": ("records/test_pair_features.py", ""),
    "report/columns.py": ("commands/test_index_encoder.py", "columns"),
    "report/indexes.py": ("report/test_matches.py", "query"),
    "report/page/drawing.py": ("report/page/test_training_page.py", "training_page"),
    "report/page/index.py": ("commands/test_plot.py", "plot"),
    "report/page/mistakes.py": ("report/page/test_training_page.py", ""),
    "report/page/placing.py": ("report/page/test_training_page.py", ""),
    "report/page/render.py": ("report/page/test_training_page.py", "training_page"),
    "report/page/training.py": ("report/page/test_training_page.py", ""),
    "report/plot.py": ("commands/test_plot.py", "plot"),
    "report/training.py": ("report/page/test_training_page.py", "training_page"),
    "schema.py": ("sources/test_records.py", "RecordOptions"),
    "sources/arrays.py": ("sources/test_images.py", "detect"),
    "sources/columns.py": ("sources/test_records.py", "RecordOptions"),
    "sources/delimited.py": ("sources/test_delimited.py", "RecordOptions"),
    "sources/examples.py": ("sources/test_example_pairs.py", ""),
    "sources/features.py": ("sources/test_other_items.py", ""),
    "sources/frames.py": ("sources/test_frames.py", "open_records"),
    "sources/items.py": ("sources/test_images.py", ""),
    "sources/jsonl.py": ("sources/test_jsonl.py", "open_records"),
    "sources/parquet.py": ("sources/test_parquet.py", "open_records"),
    "sources/picture_arrays.py": ("sources/test_images.py", ""),
    "sources/read_examples.py": ("sources/test_classes.py", ""),
    "sources/reader.py": ("sources/test_records.py", "RecordOptions"),
    "sources/records.py": ("sources/test_records.py", "RecordOptions"),
    "sources/series.py": ("sources/test_series.py", "SIGNAL"),
    "sources/signals.py": ("sources/test_other_items.py", ""),
    "sources/sql.py": ("sources/test_sql.py", "RecordOptions"),
    "sources/tables.py": ("kinds/test_detect.py", "kind_for"),
    "sources/vector_columns.py": ("sources/test_vectors.py", "VectorOptions"),
    "store/engines/binary.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/cells.py": ("contract/test_engines.py", "choose"),
    "store/engines/engine.py": ("contract/test_engines.py", ""),
    "store/engines/faiss_file.py": ("store/engines/test_traps.py", "ENGINES"),
    "store/engines/flat.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/hnsw.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/ivf.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/ivfpq.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/measure.py": ("store/engines/test_tune.py", ""),
    "store/engines/pq.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/rabitq.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/range_search.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/scalar.py": ("contract/test_engines.py", "AUTO"),
    "store/engines/tune.py": ("store/engines/test_tune.py", "ENGINES"),
    "store/format/segment_files.py": ("store/reading/test_reader.py", ""),
    "store/info.py": ("store/test_vector_index.py", "VectorIndex"),
    "store/join/cells.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/compare.py": ("store/join/test_join.py", "array"),
    "store/join/corpus.py": ("store/join/test_join.py", "array"),
    "store/join/nearest.py": ("store/join/test_join.py", ""),
    "store/join/neighbours.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/options.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/part.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/plan.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/sample.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/stream.py": ("store/join/test_join.py", "JoinOptions"),
    "store/join/tiles.py": ("store/join/test_join.py", "array"),
    "store/join/within.py": ("store/join/test_join.py", "JoinOptions"),
    "store/reading/items.py": ("store/reading/test_memory_segment.py", ""),
    "store/reading/segment.py": ("store/reading/test_memory_segment.py", ""),
    "store/search/blocks.py": ("store/search/test_exact.py", ""),
    "store/search/matches.py": ("index/test_index.py", "Index"),
    "store/upkeep/archive_members.py": ("store/upkeep/test_archive.py", "export_archive"),
    "store/upkeep/check.py": ("store/test_damage.py", ""),
    "store/upkeep/salvage.py": ("store/test_damage.py", ""),
    "store/writing/folder.py": ("store/writing/test_writer.py", "IndexWriter"),
    "store/writing/publication.py": ("store/writing/test_writer.py", ""),
    "store/writing/segment_writer.py": ("store/writing/test_writer.py", "publication"),
    "training/best_weights.py": ("training/test_train.py", "train"),
    "training/checkpoint.py": ("training/test_train.py", "train"),
    "training/compatible.py": ("training/test_fine_tuning.py", "TrainingResult"),
    "training/corrections.py": ("training/test_fine_tuning.py", "train"),
    "training/defaults.py": ("commands/test_index_encoder.py", ""),
    "training/fine_tuning.py": ("training/test_fine_tuning.py", "train"),
    "training/heads.py": ("training/test_losses.py", ""),
    "training/loop.py": ("training/test_train.py", "train"),
    "training/measure.py": ("training/test_train.py", "TrainingResult"),
    "training/model_card.py": ("training/test_train.py", "train"),
    "training/opening.py": ("training/test_train.py", "train"),
    "training/options.py": ("training/test_train.py", ""),
    "training/pair_model/examples.py": ("training/pair_model/test_train.py", ""),
    "training/pair_model/measure.py": ("training/pair_model/test_train.py", ""),
    "training/pair_model/network.py": ("training/pair_model/test_train.py", ""),
    "training/pair_model/sampling.py": ("training/pair_model/test_train.py", ""),
    "training/pair_model/tables/changes.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/families.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/family.py": (
        "training/pair_model/tables/test_generate.py",
        "generate",
    ),
    "training/pair_model/tables/forms.py": (
        "training/pair_model/tables/test_generate.py",
        "generate",
    ),
    "training/pair_model/tables/goods.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/ordinary.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/ordinary_things.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/organisations.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/people.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/shape.py": ("training/pair_model/tables/test_generate.py", ""),
    "training/pair_model/tables/source.py": (
        "training/pair_model/tables/test_generate.py",
        "generate",
    ),
    "training/pair_model/tables/works.py": (
        "training/pair_model/tables/test_generate.py",
        "FAMILIES",
    ),
    "training/pair_model/tables/world.py": ("training/pair_model/tables/test_generate.py", "FORMS"),
    "training/probe.py": ("training/test_train.py", "train"),
    "training/progress.py": ("training/test_confusable.py", ""),
    "training/recalibrate.py": ("training/test_evaluate.py", ""),
    "training/record_trainer.py": ("training/test_record_trainer.py", "train"),
    "training/regression_check.py": ("training/test_fine_tuning.py", ""),
    "training/result.py": ("training/test_confusable.py", ""),
    "training/save.py": ("training/test_train.py", "train"),
    "training/task.py": ("training/test_train.py", "TrainingResult"),
    "training/text/batches.py": ("training/text/test_trainer.py", "fit_text"),
    "training/text/data.py": ("training/text/test_trainer.py", ""),
    "training/text/options.py": ("training/text/test_trainer.py", ""),
    "training/text/sentence_trainer.py": ("training/text/test_trainer.py", "fit_text"),
    "training/text/table.py": ("training/text/test_trainer.py", ""),
    "training/text/trainer.py": ("training/text/test_trainer.py", "train"),
    "training/text/watch.py": ("training/text/test_trainer.py", "fit_text"),
    "training/tower_task.py": ("training/test_train.py", "train"),
    "training/tower_trainer.py": ("training/test_train.py", "train"),
    "training/trainer.py": ("training/test_train.py", "TrainingResult"),
    "training/validation.py": ("training/test_train.py", "train"),
    "training/verify.py": ("training/test_evaluate.py", ""),
}
MODULES = [
    path.relative_to(PACKAGE).as_posix()
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name not in ("__init__.py", "__main__.py")
]


def own_suite(module: str) -> str:
    path = Path(module)
    return (path.parent / f"test_{path.name}").as_posix()


def dotted(module: str) -> str:
    return module.removesuffix(".py").replace("/", ".")


@cache
def driven(suite: str) -> dict[str, set[str]]:
    """By name, the modules that a suite drives by it; "" for all that it drives directly."""
    found: dict[str, set[str]] = {"": set()}
    for name, module in _doors(ast.parse((TESTS / suite).read_text("utf-8"))):
        found.setdefault(name, set()).add(module)
        found[""].add(module)
    return found


def _doors(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names in a suite, and the modules that they come from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("simsearch"):
            for alias in node.names:
                yield alias.name, _home(str(node.module), alias.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "simsearch" and node.attr in simsearch._HOMES:
                yield node.attr, _home("simsearch", node.attr)
        elif isinstance(node, ast.Constant) and node.value in COMMANDS:
            yield node.value, f"commands.{node.value}"


def _home(package: str, name: str) -> str:
    """The module that `from package import name` takes a name from, or that it names."""
    inner = f"{package}.{name}".removeprefix("simsearch.")
    if inner in map(dotted, MODULES):
        return inner
    home = simsearch._HOMES.get(name, package) if package == "simsearch" else package
    return home.removeprefix("simsearch.")


@cache
def reached(module: str) -> frozenset[str]:
    """A module and all that it imports, directly or not."""
    seen, left = set[str](), [module]
    while left:
        now = left.pop()
        if now not in seen and now in IMPORTERS:
            seen.add(now)
            left += [*imported(now), *_packages(now)]
    return frozenset(seen)


def _packages(module: str) -> list[str]:
    """The packages around a module, which are imported before it."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


@pytest.mark.parametrize("module", MODULES)
def test_a_suite_drives_each_module(module: str) -> None:
    own = own_suite(module)
    suite, door = HELD.get(module, (own, ""))
    assert (TESTS / suite).exists(), f"{suite} is missing: write it, or name another in HELD"
    assert suite == own or not (TESTS / own).exists(), f"{module} has {own}: drop its row in HELD"
    doors = driven(suite).get(door, set())
    if door:
        assert dotted(module) not in driven(suite)[""], f"{suite} drives {module}: name no door"
        assert doors, f"{suite} does not use {door}"
    within = set().union(*map(reached, doors)) if door else doors
    assert dotted(module) in within, f"{suite} does not drive {module} through {door or 'a name'}"


def test_no_row_is_stale_or_superfluous() -> None:
    assert HELD.keys() <= set(MODULES)
    assert [module for module, row in HELD.items() if row == (own_suite(module), "")] == []
