"""A content refuses what the page could not print honestly."""

from dataclasses import replace

import pytest

from fairweather.errors import InputError


def test_question_must_be_one(contents):
    with pytest.raises(InputError, match="must end with"):
        replace(contents["study"], question="Darkening helps.")


def test_an_id_names_one_statement(contents):
    found = contents["study"].findings
    with pytest.raises(InputError, match=rf"{found[0].id}.*given twice"):
        replace(contents["study"], findings=(*found, found[0]))


def test_evidence_must_be_among_the_tables(contents):
    tables = {k: v for k, v in contents["study"].tables.items() if k != "gains"}
    with pytest.raises(InputError, match=r"'tables/gains.csv', which is not among the tables \(cells, changes"):
        replace(contents["study"], tables=tables)


@pytest.mark.parametrize("name", ["../gains", "Gains", "", "a b", "gains.csv"])
def test_a_table_name_is_a_file_name(contents, name):
    with pytest.raises(InputError, match="table name"):
        replace(contents["study"], tables=contents["study"].tables | {name: contents["study"].tables["gains"]})
