"""splink 5 (Fellegi-Sunter in DuckDB), set up as its own documentation sets it up.

The settings follow its worked examples: `deduplicate_50k_synthetic` for the person file,
`accuracy_analysis_from_labels_column` for fake_1000, `febrl3` for the febrl sets, `link_only`
for two tables (github.com/moj-analytical-services/splink, docs/demos/examples/duckdb). Where an
example has no counterpart for a column (phone, street, titles), the nearest comparison of its
library is used. Training is unattended: u from random pairs, m by EM on two or three blocking
rules, matches at probability 0.95 (or at what the command line says after the job), groups by
connected components; for two tables its one-to-one clustering, which is what the truth of these
sets rewards.

Its README says that it is not designed for columns that hold a bag of words: the product sets
are run to show that, and are not a criticism.
"""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.job import ID_COLUMN, Job, answer, read_job

if TYPE_CHECKING:
    import pandas as pd
    from splink import Linker

# The probability at which its examples cluster.
THRESHOLD = float(sys.argv[2]) if len(sys.argv) > 2 else 0.95


@dataclass(frozen=True)
class Setting:
    """What splink's user writes down for one kind of table.

    Attributes:
        comparisons: from its comparison library.
        blocking: rules (columns or SQL expressions) that make the pairs to score.
        certain: rules that are nearly always right, to estimate how many pairs match.
        recall: guessed recall of `certain`.
        training: one EM pass for each.
        u_pairs: random pairs for u.
    """

    comparisons: list[Any]
    blocking: list[Any]
    certain: list[Any]
    recall: float
    training: list[Any]
    u_pairs: float = 1e6


def persons() -> Setting:
    """The 50k historical persons example, on the columns of the made person file."""
    import splink.comparison_library as cl
    from splink import block_on

    return Setting(
        comparisons=[
            cl.ForenameSurnameComparison(
                "given_name", "surname", forename_surname_concat_col_name="both_names"
            ),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.LevenshteinAtThresholds("phone", [1, 4]),
            cl.EmailComparison("email"),
        ],
        blocking=[
            block_on("substr(given_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "date_of_birth"),
            block_on("given_name", "date_of_birth"),
            block_on("postcode", "given_name"),
            block_on("postcode", "surname"),
            block_on("date_of_birth", "city"),
            block_on("email"),
            block_on("phone"),
        ],
        certain=[
            block_on("given_name", "surname", "date_of_birth"),
            block_on("given_name", "surname", "postcode"),
            block_on("date_of_birth", "postcode"),
        ],
        recall=0.6,
        training=[block_on("given_name", "surname"), block_on("date_of_birth")],
        u_pairs=1e7,
    )


def groups_setting() -> Setting:
    """The same example on the large-groups set, which has no phone and no e-mail."""
    import splink.comparison_library as cl
    from splink import block_on

    start = "substr(postcode,1,3)"
    return Setting(
        comparisons=[
            cl.ForenameSurnameComparison(
                "given_name", "surname", forename_surname_concat_col_name="both_names"
            ),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.JaroWinklerAtThresholds("street", [0.9, 0.8]),
        ],
        blocking=[
            block_on("substr(given_name,1,3)", "substr(surname,1,4)"),
            block_on("full_name"),
            block_on("surname", "date_of_birth"),
            block_on("given_name", "date_of_birth"),
            block_on("postcode", "given_name"),
            block_on("postcode", "surname"),
            block_on("date_of_birth", "city"),
            block_on(start, "date_of_birth"),
            block_on(start, "given_name"),
            block_on(start, "surname"),
        ],
        certain=[
            block_on("given_name", "surname", "date_of_birth"),
            block_on("date_of_birth", "postcode"),
        ],
        recall=0.6,
        training=[block_on("given_name", "surname"), block_on("date_of_birth")],
        u_pairs=1e7,
    )


def fake() -> Setting:
    """splink's own example on its fake_1000."""
    import splink.comparison_library as cl
    from splink import block_on

    near = "levenshtein(r.dob, l.dob) <= 1"
    return Setting(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on(name) for name in ("first_name", "surname", "dob", "email")],
        certain=[
            f"l.first_name = r.first_name and {near}",
            f"l.surname = r.surname and {near}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        recall=0.7,
        training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
    )


def febrl() -> Setting:
    """splink's own example on febrl3."""
    import splink.comparison_library as cl
    from splink import block_on

    born = "date_of_birth"
    return Setting(
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(born, input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on(name) for name in ("soc_sec_id", "given_name", "surname", born, "postcode")
        ],
        certain=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", born),
            f"l.given_name = r.surname and l.surname = r.given_name and l.{born} = r.{born}",
        ],
        recall=0.9,
        training=[block_on(born), block_on("postcode")],
    )


def bibliography() -> Setting:
    """Titles by characters in common, authors likewise, year and venue as they are."""
    import splink.comparison_library as cl
    from splink import block_on

    return Setting(
        comparisons=[
            cl.JaccardAtThresholds("title", [0.95, 0.85, 0.7]),
            cl.JaccardAtThresholds("authors", [0.95, 0.85, 0.7]),
            cl.ExactMatch("year"),
        ],
        blocking=[
            block_on("substr(title,1,12)"),
            block_on("substr(authors,1,10)"),
            block_on("authors", "year"),
        ],
        certain=[block_on("title", "year")],
        recall=0.6,
        training=[block_on("substr(title,1,12)"), block_on("substr(authors,1,10)")],
    )


def restaurants() -> Setting:
    """Name, phone number and street."""
    import splink.comparison_library as cl
    from splink import block_on

    return Setting(
        comparisons=[
            cl.NameComparison("name"),
            cl.LevenshteinAtThresholds("phone_number", [1, 3]),
            cl.JaroWinklerAtThresholds("street", [0.92, 0.85]),
        ],
        blocking=[block_on("name"), block_on("phone_number"), block_on("street")],
        certain=[block_on("name", "phone_number")],
        recall=0.6,
        training=[block_on("name"), block_on("phone_number")],
    )


def products() -> Setting:
    """Names by characters in common and by first words; price."""
    import splink.comparison_library as cl
    from splink import block_on

    return Setting(
        comparisons=[
            cl.JaccardAtThresholds("title", [0.95, 0.85, 0.7]),
            cl.JaroWinklerAtThresholds("title_start", [0.95, 0.85]),
            cl.ExactMatch("price"),
        ],
        blocking=[
            block_on("substr(title,1,8)"),
            block_on("substr(title,1,4)", "price"),
            block_on("last_word"),
        ],
        certain=[block_on("title")],
        recall=0.2,
        training=[block_on("substr(title,1,8)"), block_on("last_word")],
    )


SETTINGS = {
    "persons": persons,
    "groups": groups_setting,
    "fake": fake,
    "febrl": febrl,
    "bibliography": bibliography,
    "restaurants": restaurants,
    "products": products,
}


def read(path: str, family: str) -> pd.DataFrame:
    """The table as text, lower case, with the columns that a family's settings derive."""
    import pandas as pd

    table = pd.read_csv(path, dtype="str", keep_default_na=True)
    for name in table.columns:
        table[name] = table[name].str.lower()
    if family in ("persons", "groups"):
        table["both_names"] = table["given_name"] + " " + table["surname"]
    if family == "restaurants":
        table["phone_number"] = table["phone_number"].str.replace(r"\D", "", regex=True)
    if family == "bibliography":
        table["year"] = table["year"].str.slice(0, 4)
    if family == "products":
        table = table.rename(columns={"name": "title"})
        table["title_start"] = table["title"].str.slice(0, 20)
        table["last_word"] = table["title"].str.split().str[-1]
    return table


def train(linker: Linker, setting: Setting) -> None:
    """u from random pairs, the prior from certain rules, m by EM."""
    training = linker.training
    training.estimate_probability_two_random_records_match(setting.certain, setting.recall)
    training.estimate_u_using_random_sampling(max_pairs=setting.u_pairs, seed=1)
    for rule in setting.training:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )


def match(job: Job) -> None:
    """Read, train, predict, cluster."""
    import splink
    from splink import DuckDBAPI, Linker, SettingsCreator

    setting = SETTINGS[job.family]()
    paths = [job.left] if job.right is None else [job.left, job.right]
    tables = [read(path, job.family) for path in paths]
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only" if job.right is None else "link_only",
        comparisons=setting.comparisons,
        blocking_rules_to_generate_predictions=setting.blocking,
        unique_id_column_name=ID_COLUMN,
        retain_matching_columns=False,
    )
    frames = [
        api.register(table, dataset_display_name=name)
        for table, name in zip(tables, ("a", "b"), strict=False)
    ]
    linker = Linker(frames if job.right else frames[0], settings, log_level=None)
    train(linker, setting)
    predictions = linker.inference.predict(threshold_match_probability=THRESHOLD)
    version = f"splink {splink.__version__}"
    result = (groups if job.right is None else links)(linker, predictions)
    answer(job, **result, candidates=lambda: compared(linker, job), version=version)


def groups(linker: Linker, predictions: Any) -> dict[str, Any]:
    """Groups by connected components, as integer labels in row order."""
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=THRESHOLD
    )
    table = clusters.as_pandas_dataframe()
    labels = np.empty(len(table), dtype=np.int64)
    labels[table[ID_COLUMN].astype(np.int64)] = np.unique(
        table["cluster_id"].astype(str), return_inverse=True
    )[1]
    return {"labels": labels}


def links(linker: Linker, predictions: Any) -> dict[str, Any]:
    """One-to-one links: the pairs of its single-best-links clusters."""
    clusters = linker.clustering.cluster_using_single_best_links(
        predictions, duplicate_free_datasets=["a", "b"], threshold_match_probability=THRESHOLD
    )
    table = clusters.as_pandas_dataframe()[["cluster_id", "source_dataset", ID_COLUMN]]
    left, right = (table[table["source_dataset"] == name] for name in ("a", "b"))
    both = left.merge(right, on="cluster_id", suffixes=("_a", "_b"))
    return {"pairs": (positions(both[f"{ID_COLUMN}_a"]), positions(both[f"{ID_COLUMN}_b"]))}


def positions(column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Row numbers as integers."""
    return column.to_numpy().astype(np.int64)


def compared(linker: Linker, job: Job) -> Any:
    """The pairs that its blocking rules made, as row positions (left table first)."""
    blocked = linker.inference.compute_blocked_pairs_for_predict().as_pandas_dataframe()
    left, right = blocked["join_key_l"].astype(str), blocked["join_key_r"].astype(str)
    if job.right is not None:  # keys of two tables are `table-__-row`
        left, right = left.str.split("-__-").str[-1], right.str.split("-__-").str[-1]
    return positions(left), positions(right)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    match(read_job())
