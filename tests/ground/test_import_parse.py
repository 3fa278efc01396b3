"""A company brings its customers as CSV files: good ones are read, every bad row is told at once."""

import contextlib
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot
from bot.company_file.reading import read
from bot.importing import ImportFaults, Parsed, RowFault, parse
from domain.areas import Area
from domain.company import Company
from domain.homes import Role
from domain.tariff import Tariff

SAMPLE = Path(bot.__file__).parent / "sample"
COMPANY = read(SAMPLE / "company.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in SAMPLE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


def faults(folder: Path) -> list[RowFault]:
    with pytest.raises(ImportFaults) as caught:
        parse(folder, COMPANY)
    assert all(fault.reason and fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Change one place of one file; the row it stands in."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def test_the_sample_company_has_a_dozen_homes_in_two_time_zones() -> None:
    parsed = parse(SAMPLE, COMPANY)
    assert len(parsed.homes) == 12
    assert {home.time_zone for home in parsed.homes} == {"Europe/Paris", "Atlantic/Canary"}
    assert {customer.language for customer in parsed.customers} == {"en", "fr", "es", "it"}
    assert {member.role for member in parsed.members} == set(Role)
    assert {contract.plan for contract in parsed.contracts} == {plan.key for plan in COMPANY.plans}
    assert {device.area for device in parsed.devices} == set(Area) - {Area.OTHER}
    assert {home.ref for home in parsed.homes} == {contract.home_ref for contract in parsed.contracts}
    owned = {member.home_ref for member in parsed.members if member.role is Role.OWNER}
    assert owned == {home.ref for home in parsed.homes}


def test_marta_comes_as_she_was_written() -> None:
    parsed = parse(SAMPLE, COMPANY)
    marta = parsed.customers[0]
    assert (marta.ref, marta.name, marta.language, marta.phone) == ("C001", "Marta Rossi", "it", "+393475550101")
    assert parsed.homes[0].latitude == pytest.approx(43.6961)
    assert parsed.members[1].spending_limit == Decimal(150)
    assert parsed.members[0].spending_limit is None
    assert parsed.contracts[0].starts_on == date(2025, 3, 1)
    assert parsed.devices[18].warranty_until is None


def test_every_phone_number_is_in_the_international_form() -> None:
    for customer in parse(SAMPLE, COMPANY).customers:
        assert customer.phone
        assert phonenumbers.is_possible_number(phonenumbers.parse(customer.phone, None))
    assert parse(SAMPLE, COMPANY).customers[2].phone == "+33639980103"  # written 06 39 98 01 03, in France


def test_a_sheet_saved_by_a_european_spreadsheet_reads_the_same(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace(",", ";").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert parse(folder, COMPANY) == parse(SAMPLE, COMPANY)


def test_days_and_amounts_may_be_written_the_european_way(folder: Path) -> None:
    change(folder, "contracts.csv", "2025-03-01", "01/03/2025")
    change(folder, "members.csv", "H001,C002,member,150", 'H001,C002,member,"79,50"')
    change(folder, "homes.csv", "43.6961,7.2955", '"43,6961","7,2955"')
    parsed = parse(folder, COMPANY)
    assert parsed.contracts[0].starts_on == date(2025, 3, 1)
    assert parsed.members[1].spending_limit == Decimal("79.50")
    assert parsed.homes == parse(SAMPLE, COMPANY).homes


def test_columns_may_come_in_any_order_and_blank_rows_are_nothing(folder: Path) -> None:
    (folder / "customers.csv").write_text(
        "Language, Name ,ref\nit,Marta Rossi,C001\n\n,,\n" + "".join(f"fr,P{n},C0{n:02}\n" for n in range(2, 15))
    )
    parsed = parse(folder, COMPANY)
    assert parsed.customers[0].name == "Marta Rossi"
    assert parsed.customers[0].phone is None


def test_a_company_may_come_without_devices(folder: Path) -> None:
    (folder / "devices.csv").unlink()
    assert parse(folder, COMPANY).devices == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "reason", "remedy"),
    [
        ("customers.csv", "C001,Marta Rossi,it", "C001,Marta Rossi,de", "language", "no language", "en, fr, es, it"),
        ("customers.csv", "C001,Marta Rossi", "C001,", "name", "it is empty", "the full name"),
        ("customers.csv", "C001,", "C 001,", "ref", "no reference", "without blanks"),
        ("customers.csv", "C002,", "C001,", "ref", "already in row 2", "keep one"),
        ("customers.csv", "+39 347 555 01 02", "+39 347 555 01 01", "phone", "already in row 2", "keep one"),
        ("customers.csv", "+39 347 555 01 01", "12", "phone", "too few or too many digits", "with its +"),
        ("customers.csv", "+39 347 555 01 01", "soon", "phone", "no phone number", "with its +"),
        ("customers.csv", "marta.rossi@example.com", "marta.rossi", "email", "no mail address", "leave it empty"),
        ("customers.csv", "marta.rossi@example.com", "a@example.com,x", "", "6 cells", "double quotes"),
        ("homes.csv", "Europe/Paris", "Europe/Pariss", "time_zone", "no time zone", "did you mean “Europe/Paris”?"),
        ("homes.csv", ",FR,", ",France,", "country", "no country", "two-letter"),
        ("homes.csv", "43.6961", "143.6961", "latitude", "beyond 90", "degrees"),
        ("homes.csv", "43.6961", "north", "latitude", "no number", "150 or 79,50"),
        ("homes.csv", "43.6961", "", "latitude", "one coordinate", "both or none"),
        ("homes.csv", "Villa Les Pins", "V" * 201, "name", "201 characters", "at most 200"),
        ("members.csv", "house_manager", "house_maneger", "role", "no role", "did you mean “house_manager”?"),
        ("members.csv", "H001,C002", "H001,C001", "customer_ref", "already in row 2", "keep one"),
        ("members.csv", "H001,C002", "H001,C99", "customer_ref", "not in customers.csv", "add it there"),
        ("members.csv", "H001,C002", "H01,C002", "home_ref", "not in homes.csv", "did you mean “H0"),
        ("members.csv", "member,150", "member,-1", "spending_limit", "no amount", "from 0 up"),
        ("members.csv", "member,150", "member,1.005", "spending_limit", "no amount", "2 decimals"),
        ("contracts.csv", "signature", "signatur", "plan", "no plan", "did you mean “signature”?"),
        ("contracts.csv", "2025-03-01", "2025-02-30", "starts_on", "no day of the calendar", "day first"),
        ("contracts.csv", "2025-03-01", "03/13/2025", "starts_on", "no day of the calendar", "day first"),
        ("contracts.csv", "2025-03-01", "March", "starts_on", "no day", "01/03/2025"),
        ("contracts.csv", "2025-03-01,", "2025-03-01,2025-02-01", "ends_on", "ends before it starts", "day after"),
        ("contracts.csv", "K002,H002", "K002,H001", "home_ref", "one running contract", "ends_on"),
        ("contracts.csv", ",year", ",week", "period", "no period", "month, quarter, year"),
        ("contracts.csv", "essential,2025-05-10,,month", "essential,2025-05-10,,year", "period", "no price", "month"),
        ("devices.csv", "shades,Living", "shadows,Living", "area", "no area", "did you mean “shades”?"),
        ("devices.csv", "2026-05-11", "2020-05-11", "warranty_until", "warranty ends before", "day after"),
        ("devices.csv", "D002,H001", "D002,H099", "home_ref", "not in homes.csv", "did you mean “H009”?"),
    ],
)
def test_a_bad_cell_is_told_with_file_row_column_and_remedy(
    file: str, old: str, new: str, column: str, reason: str, remedy: str, folder: Path
) -> None:
    row = change(folder, file, old, new)
    told = [f for f in faults(folder) if (f.file, f.row, f.column) == (file, row, column)]
    assert told, faults(folder)
    assert reason in told[0].reason
    assert remedy in told[0].remedy


def with_zones() -> Company:
    """The sample, with travel zones and classes of homes."""
    tariff = COMPANY.tariff.model_dump()
    tariff["travel"] = [{"zones": {"near": 10, "far": 30}}]
    tariff["complexities"] = [{"key": "estate"}]
    return COMPANY.model_copy(update={"tariff": Tariff.model_validate(tariff)})


def test_what_the_tariff_asks_about_a_home_comes_with_it(folder: Path) -> None:
    change(folder, "homes.csv", "latitude,longitude", "latitude,longitude,zone,km,complexity,handed_over_on")
    change(folder, "homes.csv", "43.6961,7.2955", '43.6961,7.2955,Far,"17,2",estate,15/05/2023')
    home = parse(folder, with_zones()).homes[0]
    assert (home.zone, home.km, home.complexity, home.handed_over_on) == ("far", 18, "estate", date(2023, 5, 15))
    told = {fault.column: fault for fault in faults(folder)}  # the sample's own tariff has neither
    assert {told[column].remedy for column in ("zone", "complexity")} == {
        "leave it empty, or declare it in the company file"
    }
    change(folder, "homes.csv", "Far", "farr")
    with pytest.raises(ImportFaults, match="did you mean “far”"):
        parse(folder, with_zones())


@pytest.mark.parametrize(
    ("column", "cell", "reason", "remedy"),
    [
        ("zone", "x y", "no travel zone", "use one of: near, far"),
        ("km", "-1", "no way to a home", "from 0 to 2000"),
        ("km", "17 miles", "no number", "150 or 79,50"),
        ("complexity", "castle", "no complexity", "use one of: estate"),
        ("handed_over_on", "2026-02-30", "no day of the calendar", "day first"),
        ("handed_over_on", "31/12/9999", "too far away", "a year from 1900 to 2200"),
        ("handed_over_on", "0001-01-01", "too far away", "a year from 1900 to 2200"),
    ],
)
def test_what_is_wrongly_said_about_a_home_is_told(
    column: str, cell: str, reason: str, remedy: str, folder: Path
) -> None:
    change(folder, "homes.csv", "latitude,longitude", f"latitude,longitude,{column}")
    row = change(folder, "homes.csv", "43.6961,7.2955", f"43.6961,7.2955,{cell}")
    with pytest.raises(ImportFaults) as caught:
        parse(folder, with_zones())
    told = next(f for f in caught.value.faults if (f.file, f.row, f.column) == ("homes.csv", row, column))
    assert reason in told.reason
    assert remedy in told.remedy


@pytest.mark.parametrize(
    ("old", "new", "column", "reason", "remedy"),
    [
        ("ref,name", "ref,nmae", "nmae", "no column we know", "did you mean “name”?"),
        ("phone,email", "phone,birthday", "birthday", "no column we know", "take it out"),
        ("ref,name,", "ref,", "name", "column “name” is missing", "add it to the heading"),
        ("phone,email", "phone,phone", "phone", "there twice", "keep one"),
    ],
)
def test_a_bad_heading_is_told(old: str, new: str, column: str, reason: str, remedy: str, folder: Path) -> None:
    change(folder, "customers.csv", old, new)
    told = {fault.column: fault for fault in faults(folder)}
    assert reason in told[column].reason
    assert remedy in told[column].remedy
    assert {fault.file for fault in told.values()} == {"customers.csv"}  # and nothing about refs nobody could read


def test_missing_unreadable_and_broken_files_are_told(folder: Path) -> None:
    (folder / "homes.csv").unlink()
    (folder / "members.csv").unlink()
    (folder / "members.csv").mkdir()
    (folder / "customers.csv").write_bytes("ref,name\nC1,Ren\xe9\n".encode("latin-1"))
    (folder / "contracts.csv").write_text("")
    (folder / "devices.csv").write_text('ref,home_ref\n"' + "x" * 200_000)
    told = {fault.file: fault for fault in faults(folder)}
    assert told["homes.csv"].reason == "there is no such file"
    assert told["members.csv"].remedy == "put the file there"
    assert (told["customers.csv"].row, told["customers.csv"].reason) == (2, "this is not UTF-8")
    assert "is missing" in told["contracts.csv"].reason
    assert "not CSV" in told["devices.csv"].reason


def test_all_bad_rows_are_told_at_once_in_order(folder: Path) -> None:
    change(folder, "devices.csv", "shades,Living", "shadows,Living")
    change(folder, "customers.csv", "C003,Claire Dubois,fr", "C003,,xx")
    change(folder, "homes.csv", "Atlantic/Canary", "Atlantic/Canaria")
    told = [(fault.file, fault.column) for fault in faults(folder)]
    assert told == [
        ("customers.csv", "name"),
        ("customers.csv", "language"),
        ("homes.csv", "time_zone"),
        ("devices.csv", "area"),
    ]


def test_a_row_that_refers_to_a_bad_row_is_not_blamed(folder: Path) -> None:
    change(folder, "customers.csv", "C001,Marta Rossi,it", "C001,Marta Rossi,de")
    assert [fault.file for fault in faults(folder)] == ["customers.csv"]


def test_a_cell_over_two_lines_does_not_shift_the_row_numbers(folder: Path) -> None:
    change(folder, "homes.csv", "14 chemin des Pins", '"14 chemin des Pins\nbâtiment B"')
    change(folder, "homes.csv", "Apartment on the Port", "")
    assert [(fault.row, fault.column) for fault in faults(folder)] == [(4, "name")]


def test_bad_rows_can_be_read_by_a_program(folder: Path) -> None:
    change(folder, "customers.csv", "C001,Marta Rossi,it", "C001,Marta Rossi,de")
    with pytest.raises(ImportFaults) as caught:
        parse(folder, COMPANY)
    assert caught.value.as_json() == [
        {
            "file": "customers.csv",
            "row": 2,
            "column": "language",
            "value": "de",
            "reason": "“de” is no language of the company",
            "remedy": "use one of: en, fr, es, it",
        }
    ]


CELLS = st.text(alphabet=st.sampled_from("abC01+-/.,;: \"'\n\t\u00e9\u0660é=@"), max_size=12)


@given(st.lists(st.lists(CELLS, max_size=7), max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_is_read_or_told(folder: Path, rows: list[list[str]]) -> None:
    text = "ref,name,language,phone,email\n" + "\n".join(",".join(cells) for cells in rows)
    (folder / "customers.csv").write_text(text, encoding="utf-8")
    with contextlib.suppress(ImportFaults):
        assert isinstance(parse(folder, COMPANY), Parsed)
