"""Companies publish prices in all shapes: each is said in a file, and comes out to the cent."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.company_file.ask import read_ask
from bot.company_file.examine import examine
from bot.company_file.reading import CompanyFileFault, read_prices

HERE = Path(__file__).parent
SHEETS = sorted(HERE.glob("*.toml"))
names = pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)

# Written from the companies' pages and by hand, not from the files: sheet | question | without tax | with tax.
TABLE = """
krika | work=second_line minutes=90 at=2026-07-14T10:00 | 225.00
krika | work=second_line minutes=90 at=2026-07-14T19:00 | 375.00
krika | work=second_line minutes=90 at=2026-07-11T10:00 plan=top | 375.00
krika | work=second_line minutes=60 at=2026-07-14T17:30 | 200.00
krika | work=first_line minutes=90 at=2026-07-11T03:00 plan=free | 0.00
gizmo | work=remote minutes=15 | 39.00
gizmo | work=remote minutes=16 | 64.00
gizmo | work=remote minutes=30 | 64.00
gizmo | work=remote minutes=31 | 89.00
gizmo | work=remote minutes=60 | 114.00
gizmo | work=visit minutes=120 crew=lead:1,junior:1 | 390.00
gizmo | work=visit minutes=120 crew=lead:1,junior:2 | 480.00
gizmo | work=visit minutes=120 crew=lead:1,junior:2 warranty=installation | 0.00
gizmo | work=remote minutes=60 plan=care at=2026-07-14T10:00 | 0.00
gizmo | work=remote minutes=60 plan=care at=2026-07-14T20:00 | 114.00
gizmo | work=remote minutes=60 plan=always at=2026-07-14T20:00 | 0.00
connected_homes | work=visit grade=installer minutes=120 km=40 | 770.00
connected_homes | work=visit grade=programmer minutes=180 km=20 | 1155.00
connected_homes | work=remote minutes=40 | 165.00
connected_homes | work=visit minutes=180 km=36 at=2026-07-14T18:00 | 1595.00
connected_homes | work=visit minutes=360 km=36 at=2026-07-12T09:00 | 2585.00
connected_homes | work=visit minutes=120 km=35 | 550.00
connected_homes | work=visit minutes=120 km=36 | 770.00
home_theatre_experts | work=visit minutes=60 | 150.00
home_theatre_experts | work=visit minutes=60 plan=care used=visits:1 | 75.00
home_theatre_experts | work=visit minutes=60 technicians=2 | 200.00
home_theatre_experts | work=visit minutes=90 technicians=2 plan=care used=visits:1 | 195.00
home_theatre_experts | work=visit minutes=90 technicians=2 plan=care | 0.00
tandem_electric | work=visit minutes=5 | 120.00
tandem_electric | work=visit minutes=30 | 120.00
tandem_electric | work=visit minutes=55 | 180.00
tandem_electric | work=visit minutes=85 | 240.00
tandem_electric | work=visit minutes=95 | 300.00
lavarun | work=visit minutes=1 | 90.00 | 108.00
lavarun | work=visit minutes=61 | 112.50 | 135.00
lavarun | work=visit minutes=76 | 135.00 | 162.00
lavarun | work=visit minutes=75 at=2026-07-13T20:00 | 168.75 | 202.50
lavarun | work=visit minutes=75 at=2026-07-14T10:00 | 168.75 | 202.50
lavarun | work=visit minutes=75 at=2026-07-18T10:00 | 168.75 | 202.50
lavarun | work=remote minutes=16 | 25.00 | 30.00
nine_chip | work=visit minutes=60 zone=2 | 110.00
nine_chip | work=visit minutes=31 zone=6 | 210.00
nine_chip | work=bench minutes=60 plan=contract | 42.00
nine_chip | work=bench minutes=60 | 54.00
nine_chip | work=phone minutes=20 plan=contract | 0.00
nine_chip | work=visit minutes=241 zone=1 | 278.00
nine_chip | work=visit minutes=421 zone=1 | 395.00
nine_chip | work=visit minutes=60 zone=1 urgent=true | 125.00
silcopy | work=visit minutes=10 | 30.00
silcopy | work=visit minutes=31 | 37.50
silcopy | work=visit minutes=60 | 45.00
alpenhaus | work=remote minutes=20 | - | 62.70
alpenhaus | work=visit minutes=75 km=17 | - | 236.85
alpenhaus | work=visit minutes=60 km=10 region=zurich complexity=villa | - | 235.75
alpenhaus | work=visit minutes=60 km=0 region=zurich complexity=flat | - | 188.10
tokyo_denki | work=visit minutes=25 | 10450 | 11495
tokyo_denki | work=remote minutes=10 | 833 | 916
tokyo_denki | work=visit minutes=60 at=2026-05-05T10:00 | 18865 | 20752
tokyo_denki | work=visit minutes=60 at=2026-05-16T10:00 | 18400 | 20240
tokyo_denki | work=visit minutes=60 at=2026-05-17T10:00 | 18865 | 20752
nordlicht | work=visit minutes=60 travel_minutes=40 | 144.12 | 171.50
nordlicht | work=visit minutes=600 | 658.82 | 784.00
nordlicht | work=visit minutes=1560 | 1317.65 | 1568.00
nordlicht | work=visit minutes=60 at=2026-03-03T11:30 | 94.71 | 112.70
cote_ouest | work=visit minutes=60 km=30 parts=100 | 168.00 | 194.80
cote_ouest | work=visit minutes=60 km=5 notice_hours=23.5 | 100.00 | 110.00
cote_ouest | work=visit minutes=60 km=5 notice_hours=24 | 75.00 | 82.50
cote_ouest | work=visit minutes=60 km=5 notice_hours=168 | 60.00 | 66.00
cote_ouest | work=visit minutes=60 km=5 paid_before=25 paid_for=remote | 35.00 | 38.50
cote_ouest | work=visit minutes=60 km=30 parts=100 warranty=device | 68.00 | 74.80
cote_ouest | work=visit minutes=60 km=30 parts=100 warranty=extended | 108.00 | 128.80
cote_ouest | work=visit minutes=60 km=30 parts=100 warranty=used | 168.00 | 194.80
isla_digital | work=remote minutes=10 | 0.00
isla_digital | work=remote minutes=25 | 15.00
isla_digital | work=training minutes=30 | 36.00
isla_digital | work=programming minutes=44 | 45.00
isla_digital | work=programming minutes=45 | 90.00
isla_digital | work=visit minutes=60 plan=bono used=hours:570 | 20.40
isla_digital | work=visit minutes=60 plan=bono used=hours:540 hours=night | 20.40
isla_digital | work=visit minutes=60 plan=bono used=hours:480 hours=night | 0.00
brightside | work=visit minutes=1 | 260.00 | 312.00
brightside | work=visit minutes=240 | 260.00 | 312.00
brightside | work=visit minutes=241 | 460.00 | 552.00
brightside | work=visit minutes=540 | 535.00 | 642.00
brightside | work=visit minutes=120 hours=saturday | 325.00 | 390.00
brightside | work=visit minutes=240 crew=engineer:1,apprentice:1 travel_minutes=50 | 410.00 | 492.00
boreal | work=remote minutes=35 | 95.00 | 109.23
boreal | work=remote minutes=75 | 126.67 | 145.64
boreal | work=visit minutes=60 km=16 urgent=true | 210.00 | 241.45
boreal | work=visit minutes=90 km=90 hours=night urgent=true | 480.00 | 551.88
lumen | work=visit minutes=60 brand=Crestron | 140.00
lumen | work=visit minutes=60 area=network | 90.00
lumen | work=visit minutes=60 technicians=3 | 300.00
lumen | work=visit minutes=60 hours=evening plan=club | 132.00
lumen | work=remote minutes=35 plan=club | 12.00
lumen | work=remote minutes=35 plan=club used=tickets:3 | 28.00
us_integrator | work=service minutes=10 | 240.00 | 259.80
us_integrator | work=service minutes=60 plan=gold at=2026-07-03T10:00 | 594.00 | 643.01
us_integrator | work=remote minutes=20 | 60.00 | 64.95
uk_alarms | work=visit minutes=31 at=2026-07-14T10:00 | 120.00 | 144.00
uk_alarms | work=visit minutes=90 at=2026-07-19T10:00 | 187.50 | 225.00
uk_alarms | work=service minutes=90 plan=protect | 0.00
fr_informatique | work=remote minutes=45 | 30.00 | 36.00
fr_informatique | work=visit minutes=61 km=26 | 91.67 | 110.00
fr_informatique | work=visit minutes=60 km=3 at=2026-07-14T20:00 plan=carnet used=heures:540 | 24.58 | 29.50
es_electricista | work=visit minutes=90 crew=oficial:1,ayudante:1 at=2026-07-19T11:00 | 216.00 | 237.60
es_electricista | work=visit minutes=240 plan=hogar used=visita:1 parts=50 | 216.80 | 243.98
it_domotica | work=visit minutes=60 at=2026-07-18T10:00 plan=ore20 | 35.00 | 42.70
it_domotica | work=remote minutes=31 hours=fuori | 75.00 | 91.50
de_elektro | work=visit minutes=47 zone=3 | 107.98 | 128.50
de_elektro | work=visit minutes=60 zone=1 at=2026-07-14T16:30 | 98.49 | 117.20
ch_domotique | work=visit minutes=210 zone=a | - | 616.15
ch_domotique | work=visit minutes=60 zone=b brand=Crestron plan=serein | - | 248.10
au_av | work=remote minutes=31 | 66.66 | 73.33
au_av | work=visit minutes=60 km=12 hours=after | 320.00 | 352.00
us_alarm | work=visit minutes=61 | 269.00
uk_av | work=remote minutes=30 plan=tickets hours=out used=tickets:11 | 60.00 | 72.00
uk_av | work=visit minutes=61 | 135.00 | 162.00
fr_av | work=visit minutes=180 travel_minutes=30 at=2026-07-16T22:00 complexity=ancien | 410.00 | 451.00
fr_av | work=visit minutes=50 travel_minutes=15 technicians=2 | 162.50 | 195.00
au_it | work=remote minutes=11 | 18.00 | 19.80
au_it | work=bench minutes=75 | 105.00 | 115.50
au_it | work=visit minutes=60 km=20 plan=family used=hours:150 | 105.45 | 116.00
"""
ROWS = [tuple(cell.strip() for cell in row.split("|")) for row in TABLE.strip().splitlines()]


def asked(words: str) -> dict[str, Any]:
    """`work=visit crew=lead:1,junior:2` as a question."""
    found: dict[str, Any] = dict(word.split("=") for word in words.split())
    for table in ("crew", "used"):
        if table in found:
            found[table] = dict(pair.split(":") for pair in found[table].split(","))
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_somebody_asks_and_hears_what_the_sheet_says(row: tuple[str, ...]) -> None:
    sheet, words, net, *with_tax = row
    prices = read_prices(HERE / f"{sheet}.toml")
    [priced] = prices.answer(read_ask(prices, asked(words)))
    assert net in ("-", str(priced.quote.net.amount))  # “-”: the total is rounded to 0.05, and the net with it
    assert [str(priced.quote.total.amount)] == (with_tax or [net])


@pytest.mark.parametrize(
    ("sheet", "words", "fee"),
    [
        ("lavarun", "work=visit no_show=true", "36.00"),  # 30 and tax
        ("lavarun", "work=visit cancelled_hours_before=1.9", "36.00"),
        ("lavarun", "work=visit cancelled_hours_before=2", "0.00"),
        ("cote_ouest", "work=visit km=30 no_show=true", "37.40"),  # half of 74.80
        ("cote_ouest", "work=visit km=30 cancelled_hours_before=0", "44.00"),
        ("cote_ouest", "work=visit km=30 cancelled_hours_before=47", "22.00"),
        ("cote_ouest", "work=visit km=30 cancelled_hours_before=48", "0.00"),
        ("au_it", "work=visit km=20 cancelled_hours_before=3", "66.00"),
        ("au_it", "work=visit km=20 cancelled_hours_before=23", "45.50"),
        ("au_it", "work=visit km=20 cancelled_hours_before=24", "0.00"),
    ],
)
def test_somebody_calls_off_and_pays_what_the_sheet_says(sheet: str, words: str, fee: str) -> None:
    prices = read_prices(HERE / f"{sheet}.toml")
    assert str(prices.fee_for(read_ask(prices, asked(words))).amount.amount) == fee


@names
def test_a_sheet_reads_clean_and_nothing_in_it_is_odd(sheet: Path) -> None:
    found = examine(sheet)
    assert found.prices.published
    assert [str(warning) for warning in found.warnings] == []
    assert {fault.key for fault in found.lacking} >= {"channels", "jobs", "team"}  # it prices, but cannot run


@names
def test_a_printed_figure_that_is_off_by_the_least_is_found(sheet: Path, tmp_path: Path) -> None:
    """Every example of every sheet, one at a time: none of them passes by chance."""
    text = sheet.read_text(encoding="utf-8")
    unit = Decimal(1) if 'currency = "JPY"' in text else Decimal("0.01")
    printed = list(re.finditer(r"^(?:total|amount) = ([\d.]+)$", text[text.index("[[published]]") :], re.MULTILINE))
    start = text.index("[[published]]")
    assert len(printed) == text.count("[[published]]")
    for found in printed:
        more = Decimal(found[1]) + (1 if found[0].startswith("amount") else unit)
        wrong = text[: start + found.start(1)] + str(more) + text[start + found.end(1) :]
        (tmp_path / "company.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(CompanyFileFault) as caught:
            read_prices(tmp_path / "company.toml")
        [fault] = caught.value.faults
        assert str(more) in fault.what
        assert fault.line == text.count("\n", 0, start + found.start()) + 1


@pytest.mark.parametrize(
    ("sheet", "printed", "computed", "way"),
    [
        ("iron_hill_av", "656", "660", "4 × 165 a quarter"),
        ("home_technology_experts", "1", "0.5 a quarter", "2 visits a year"),
        ("tandem_helper", "180", "190.00", "helper"),
        ("assistance_multimedia_63", "94", "99.00", "30 minute at 60.00 an hour = 30.00"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_told_with_both_figures(
    sheet: str, printed: str, computed: str, way: str
) -> None:
    with pytest.raises(CompanyFileFault) as caught:
        examine(HERE / "contradictory" / f"{sheet}.toml")
    [fault] = caught.value.faults
    assert f"printed as {printed}, the rules give {computed}" in fault.what
    assert way in fault.what
    assert fault.key.startswith("published[")


def test_a_year_that_is_merely_not_four_quarters_is_only_asked_about(tmp_path: Path) -> None:
    text = (HERE / "contradictory" / "iron_hill_av.toml").read_text(encoding="utf-8")
    file = tmp_path / "company.toml"
    file.write_text(text.replace("total = 656", "total = 660"), encoding="utf-8")
    [warning] = examine(file).warnings
    assert "a year is 612, 4 × the quarter is 660" in warning.what
    file.write_text(
        text.replace("total = 656", "total = 660")
        + '\n[[published]]\ntext = "A year"\nplan = "care"\nperiod = "year"\ntotal = 612\n'
    )
    assert examine(file).warnings == ()  # it was printed so, and is so
