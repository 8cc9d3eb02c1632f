"""Spreadsheets as Danish Excel writes them, and what is said about the ones that cannot be read."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from app import spreadsheet
from app.spreadsheet import UnreadableSheet

DANISH = st.text("abcæøåÆØÅéü 019.,;:\t\"'-\n%€", max_size=12)


def written(folder, content, name="ark.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def excel(folder, *rows, name="ark.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def rewritten(path, part, change):
    """The same file with one part changed, as another program or a broken one would write it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def rows(sheet):
    return [(row.number, list(row.cells.values())) for row in sheet.rows]


def refusal(path):
    with pytest.raises(UnreadableSheet) as refused:
        spreadsheet.read(path)
    assert refused.value.status == 422
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(table=st.lists(st.lists(DANISH, min_size=3, max_size=3), max_size=6))
def test_danish_text_is_read_back_whatever_excel_saved_it_as(tmp_path, encoding, delimiter, table):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["Enhed", "Leder; eller, vikar", "Ønske"])
    writer.writerows(table)

    sheet = spreadsheet.read(written(tmp_path, buffer.getvalue().encode(encoding)))

    assert sheet.columns == ["enhed", "leder; eller, vikar", "ønske"]
    stripped = [[cell.strip() for cell in row] for row in table]
    assert rows(sheet) == [(number, row) for number, row in enumerate(stripped, 2) if any(row)]


NUMBERS = st.one_of(
    st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{3})?,[0-9]{1,2}", fullmatch=True),
    st.sampled_from(
        ["=1+1", "+45 72304117", "-5", "@navn", "1,5", "1.234,50", "01-03-2026", "0012"]
    ),
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    table=st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1, max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ends=st.booleans(),
)
def test_numbers_and_formulas_are_read_as_the_text_they_are_in_every_dialect(
    tmp_path, delimiter, table, encoding, line_end, quoting, ends
):
    """A decimal comma is no separator, and what looks like a formula is never worked out."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(["Mål", "Værdi"])
    writer.writerows(table)
    text = buffer.getvalue() if ends else buffer.getvalue().removesuffix(line_end)

    sheet = spreadsheet.read(written(tmp_path, text.encode(encoding)))

    assert sheet.columns == ["mål", "værdi"]
    assert rows(sheet) == list(enumerate(table, 2))


def test_columns_are_known_by_name_however_they_are_written(tmp_path):
    sheet = spreadsheet.read(
        written(tmp_path, "  NAVN ;Over\u00a0 Enhed;A\u030ar\r\nSøen;Åen;3\r\n")
    )

    assert sheet.columns == ["navn", "over enhed", "år"]
    assert sheet.rows[0].cells == {"navn": "Søen", "over enhed": "Åen", "år": "3"}


def test_rows_are_numbered_as_excel_shows_them(tmp_path):
    text = 'navn;note\r\n\r\nA;"to\r\nlinjer"\r\n; \r\nB;"sagde ""hej"""\r\n'

    assert rows(spreadsheet.read(written(tmp_path, text))) == [
        (3, ["A", "to\r\nlinjer"]),
        (5, ["B", 'sagde "hej"']),
    ]


def test_empty_columns_at_the_end_are_no_columns(tmp_path):
    sheet = spreadsheet.read(written(tmp_path, "navn;note;;;\nA;;;;\nB;x\nC\n"))

    assert sheet.columns == ["navn", "note"]
    assert rows(sheet) == [(2, ["A", ""]), (3, ["B", "x"]), (4, ["C", ""])]


def test_a_single_column_and_no_rows_is_a_sheet(tmp_path):
    sheet = spreadsheet.read(written(tmp_path, "navn"))

    assert (sheet.columns, sheet.rows) == (["navn"], [])


def test_an_excel_file_is_read_as_people_see_it(tmp_path):
    path = excel(
        tmp_path,
        ["Navn", "Fra", "Kl.", "Antal", "Andel", "Nu", "Aktiv"],
        ["Søen", date(2026, 3, 2), time(9, 30), 7.0, 0.5, datetime(2026, 3, 2, 9, 5), True],  # noqa: DTZ001 - Excel knows no zones.
        [],
        [None, datetime(2026, 3, 2), None, 12345678, "  x ", None, False],  # noqa: DTZ001 - Excel knows no zones.
    )

    assert rows(spreadsheet.read(path)) == [
        (2, ["Søen", "2026-03-02", "09:30:00", "7", "0.5", "2026-03-02 09:05", "SAND"]),
        (4, ["", "2026-03-02", "", "12345678", "x", "", "FALSK"]),
    ]


def test_what_a_file_is_comes_from_its_content_not_its_name(tmp_path):
    excel(tmp_path, ["navn"], ["Søen"]).rename(tmp_path / "ark.csv")
    assert rows(spreadsheet.read(tmp_path / "ark.csv")) == [(2, ["Søen"])]
    assert rows(spreadsheet.read(written(tmp_path, "PK;navn\n1;A", "ark.xlsx"))) == [
        (2, ["1", "A"])
    ]


def test_only_the_first_sheet_is_read(tmp_path):
    book = Workbook()
    book.active.append(["navn"])
    book.create_sheet("Vejledning").append(["noget", "helt", "andet"])
    book.save(tmp_path / "ark.xlsx")

    assert spreadsheet.read(tmp_path / "ark.xlsx").columns == ["navn"]


@pytest.mark.parametrize("claim", ["A1:XFD1048576", "A1"])
def test_what_an_excel_file_says_of_its_own_size_is_not_believed(tmp_path, claim):
    path = excel(tmp_path, ["navn", "note"], ["A", "B"])
    rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{claim}"', xml),
    )

    assert rows(spreadsheet.read(path)) == [(2, ["A", "B"])]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Filen er tom."),
        (" \r\n\r\n", "Filen er tom."),
        (b"\xef\xbb\xbf", "Række 1 er tom."),
        ("\nnavn;note\n", "Række 1 er tom."),
        ("navn;;note\n", "Kolonne nr. 2 mangler et navn"),
        ("navn;note;NAVN \n", "Kolonnen NAVN er der to gange."),
        (";".join(f"k{place}" for place in range(201)), "for mange kolonner: højst 200."),
        ("navn;note\nA;B\nC;D;E\n", "Række 3 har 3 felter, men der er kun 2 kolonner."),
        ('navn;note\nA;B\n"C;D\nE;F\n', "Række 3 kan ikke læses: et anførselstegn"),
        ('navn\n"A"B\n', "Række 2 kan ikke læses: et anførselstegn"),
        ("navn;note\nA;B\nC;D\0\n", "Række 3, kolonne note har et tegn, der ikke kan læses."),
        ("navn;note\nA;" + "x" * 32_768, "Række 2, kolonne note er for lang: højst 32767 tegn."),
        ("navn\nA\n" + "x" * 200_000, "Række 3 har en celle, der er for lang: højst 32767 tegn."),
        ('navn\nA\n"B\n' + "C;\n" * 70_000, "Måske mangler et anførselstegn"),
        ("na\0vn;note\n", "ikke en CSV- eller XLSX-fil"),
        ("<html><table><tr><td>navn", "ikke en CSV- eller XLSX-fil"),
        ("navn;note".encode("utf-16"), "ikke en CSV- eller XLSX-fil"),
        (b"navn\n\x81", "ikke en CSV- eller XLSX-fil"),
        (b"\xef\xbb\xbfnavn\nS\xf8en", "ikke en CSV- eller XLSX-fil"),
        (b"PK\3\4 og ikke mere", "ikke en CSV- eller XLSX-fil"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gammel XLS-fil eller har adgangskode"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(tmp_path, text, message):
    assert message in refusal(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told_so(tmp_path):
    assert "Findes den?" in refusal(tmp_path / "væk.csv")


def test_more_rows_than_the_limit_are_refused(tmp_path):
    most = "navn\n" + "A\n" * spreadsheet.MOST_ROWS
    assert len(spreadsheet.read(written(tmp_path, most)).rows) == spreadsheet.MOST_ROWS
    assert "højst 100000 ad gangen" in refusal(written(tmp_path, most + "B\n"))


def test_an_excel_row_far_below_the_last_one_there_is_ends_the_reading(tmp_path):
    path = excel(tmp_path, ["navn"], ["A"])
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace('"A2"', '"A9999999999"'))
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace('r="2"', 'r="9999999999"'))

    assert "for mange rækker" in refusal(path)


def test_an_excel_row_with_more_cells_than_headings_is_named(tmp_path):
    assert "Række 3 har 2 felter" in refusal(excel(tmp_path, ["navn"], ["A"], ["B", "C"]))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda xml: xml[:-30]),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v>7</v>", "<v>syv</v>")),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace('ref="A1:A2"', 'ref="vrøvl"')),
        ("xl/workbook.xml", lambda xml: re.sub("<sheets>.*</sheets>", "<sheets/>", xml)),
        ("[Content_Types].xml", lambda xml: ""),
    ],
)
def test_a_broken_excel_file_is_refused_in_plain_words(tmp_path, part, change):
    path = rewritten(excel(tmp_path, ["navn"], [7]), part, change)

    assert "Åbn den i Excel, og gem den igen." in refusal(path)


def test_a_small_excel_file_that_unfolds_to_a_huge_one_is_not_unfolded(tmp_path):
    path = excel(tmp_path, ["navn"], ["A"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("x", "w") as part:
        for _ in range(260):
            part.write(bytes(1024 * 1024))

    assert "for stor" in refusal(path)


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/sheet9.xml"])
def test_more_texts_than_any_sheet_has_are_not_read_before_the_first_row(tmp_path, name):
    said = (
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    path = rewritten(
        excel(tmp_path, [7], [7]),
        "[Content_Types].xml",
        lambda xml: xml.replace("</Types>", said),
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts, parts.open(name, "w") as part:
        part.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
        for _ in range(17 * 64):
            part.write(b"<si><t>a</t></si>".ljust(16) * 1024)
        part.write(b"</sst>")

    assert re.search("for stor|Åbn den i Excel", refusal(path))
