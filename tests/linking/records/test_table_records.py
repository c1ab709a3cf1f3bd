"""The columns of a table become the fields of records."""

from pathlib import Path

from justicegraph.linking.records import Record, read_table, records_of


def test_row_is_read_by_the_properties_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("who,also,land,since,site,isni\nX, A | B ,Deutschland,1999-04-01,www.x.example,0000 1\n,,,,,\n")
    columns = {"alias": "also", "country": "land", "founded": "since", "website": "site", "id:isni": "isni"}
    first, second = records_of(read_table(path), "who", columns)
    assert first == Record("2", "X", ("A", "B"), "DE", began=1999, domain="x.example", identifiers={"isni": "00001"})
    assert second == Record("3", "")
