"""Prices and ledger: what real price sheets say, and entries whose sum is the balance

What an older program wrote is turned into the new shapes: the terms of contracts, tariffs, quotes and verdicts, and the
statement. Balances stay what they were. An old quote keeps its lines; the case it was made from was never written down
(`asked` is empty), so it cannot be replayed, and its work is charged as it was agreed.
"""

import hashlib
import json
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MONTHS = {"month": 1, "quarter": 3, "year": 12}
PAYS = ["labour", "fees", "travel"]
Row = dict[str, Any]

contracts = sa.table(
    "contracts", sa.column("id", sa.Integer), sa.column("terms", sa.JSON), sa.column("starts_on", sa.Date),
    sa.column("period", sa.String), sa.column("term_months", sa.Integer), sa.column("terms_since", sa.Date),
    sa.column("charged_since", sa.Date),
)  # fmt: skip
timers = sa.table(
    "timers", sa.column("kind", sa.String), sa.column("subject", sa.String), sa.column("occurrence", sa.String),
    sa.column("due_at", sa.DateTime(timezone=True)), sa.column("state", sa.String),
)  # fmt: skip
tariffs = sa.table("tariffs", sa.column("id", sa.Integer), sa.column("body", sa.JSON), sa.column("digest", sa.String))
plans = sa.table(
    "plans", sa.column("id", sa.Integer), sa.column("body", sa.JSON), sa.column("digest", sa.String),
    sa.column("first_used_at", sa.DateTime(timezone=True)),
)  # fmt: skip
requests = sa.table("requests", sa.column("id", sa.Integer), sa.column("verdict", sa.JSON))
bookings = sa.table(
    "bookings", sa.column("id", sa.Integer), sa.column("quote_id", sa.Integer), sa.column("state", sa.String)
)
quotes = sa.table(
    "quotes", sa.column("id", sa.Integer), sa.column("tariff_id", sa.Integer), sa.column("plan_id", sa.Integer),
    sa.column("contract_id", sa.Integer), sa.column("asked", sa.JSON), sa.column("verdict", sa.JSON),
    sa.column("body", sa.JSON), sa.column("state", sa.String), sa.column("version", sa.Integer),
    sa.column("created_at", sa.DateTime(timezone=True)),
)  # fmt: skip
old_allotments = sa.table(
    "allotments", sa.column("id", sa.Integer), sa.column("contract_id", sa.Integer), sa.column("kind", sa.String),
    sa.column("period_start", sa.Date), sa.column("granted", sa.Integer), sa.column("used", sa.Integer),
)  # fmt: skip
old_ledger = sa.table(
    "ledger", sa.column("id", sa.Integer), sa.column("allotment_id", sa.Integer), sa.column("request_id", sa.Integer),
    sa.column("reason", sa.String), sa.column("subject", sa.String), sa.column("quantity", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
)  # fmt: skip


def upgrade() -> None:
    _homes()
    _plans()
    _contracts()
    _quotes()
    _charges()
    _ledger()
    _tariffs()


def downgrade() -> None:
    # The older shapes cannot say what is written now (entries, hours, several rates): only an empty house goes back.
    count = sa.select(sa.func.count())
    written = sum(op.get_bind().scalar(count.select_from(t)) or 0 for t in (contracts, quotes, tariffs, requests))
    if written:
        raise RuntimeError("0001 cannot hold contracts, quotes and requests of 0002; restore the backup made before")
    op.drop_table("ledger")
    op.drop_table("allotments")
    _old_ledger_tables()
    op.drop_table("charges")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        for name in ("fk_quotes_replaces_id_quotes", "fk_quotes_contract_id_contracts", "fk_quotes_plan_id_plans"):
            batch_op.drop_constraint(batch_op.f(name), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_quotes_quotestate"), type_="check")
        for name in ("version", "replaces_id", "state", "asked", "contract_id", "plan_id"):
            batch_op.drop_column(name)
    op.drop_table("plans")
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        for name in (
            *("suspended_for", "period", "term_months", "terms_since", "charged_since", "charged_until"),
            *("waived_until", "next_plan", "next_terms", "next_period"),
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("homes", schema=None) as batch_op:
        for name in ("zone", "km", "complexity", "handed_over_on"):
            batch_op.drop_column(name)


# ── the tables ──


def _homes() -> None:
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("km", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("complexity", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("handed_over_on", sa.Date(), nullable=True))


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("digest", name=op.f("uq_plans_digest")),
    )


def _contracts() -> None:
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_for", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("period", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("term_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("terms_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("charged_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("charged_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("waived_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_plan", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("next_terms", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("next_period", sa.String(length=64), nullable=True))
    for row in _rows(contracts, "id", "terms", "starts_on"):
        terms = new_terms(row["terms"])
        begun = {"terms_since": row["starts_on"], "charged_since": row["starts_on"]}
        period = next(iter(terms.get("prices") or {"month": 0}))
        _change(contracts, row["id"], terms=terms, period=period, term_months=12, **begun)
    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.alter_column("period", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("term_months", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("terms_since", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("charged_since", existing_type=sa.Date(), nullable=False)
    for row in _rows(contracts, "id", "starts_on"):  # each rings once, and then keeps its own calendar
        timer = {"kind": "contract", "subject": f"contract:{row['id']}", "occurrence": "0002", "state": "set"}
        op.get_bind().execute(sa.insert(timers).values(due_at=_moment(row["starts_on"]), **timer))


def _quotes() -> None:
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("contract_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
    stood = {row["quote_id"]: row["state"] for row in _rows(bookings, "quote_id", "state")}
    laws = {row["id"]: row["body"] for row in _rows(tariffs, "id", "body")}
    for row in _rows(quotes, "id", "tariff_id", "verdict", "body"):
        state = {"held": "proposed", "booked": "accepted", "done": "accepted", "cancelled": "accepted"}
        verdict = new_verdict(row["verdict"], row["body"].get("minutes", 0))
        body = new_quote(row["body"], laws[row["tariff_id"]], row["verdict"])
        said = {"verdict": verdict, "body": body, "asked": {}, "version": 1}
        _change(quotes, row["id"], state=state.get(stood.get(row["id"], ""), "expired"), **said)
    for row in _rows(requests, "id", "verdict"):
        if row["verdict"]:
            _change(requests, row["id"], verdict=new_verdict(row["verdict"], 0))
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.alter_column("asked", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("state", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_quotes_quotestate"), "state IN ('proposed', 'accepted', 'refused', 'expired')"
        )
        batch_op.create_foreign_key(batch_op.f("fk_quotes_replaces_id_quotes"), "quotes", ["replaces_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_quotes_contract_id_contracts"), "contracts", ["contract_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_quotes_plan_id_plans"), "plans", ["plan_id"], ["id"])


def _charges() -> None:
    kinds = ("subscription", "work", "cancellation", "proration", "goodwill")
    op.create_table(
        "charges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="chargekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("tax_rates", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("covers_to", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_charges_contract_id_contracts")),
        sa.ForeignKeyConstraint(["home_id"], ["homes.id"], name=op.f("fk_charges_home_id_homes")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_charges_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        sa.UniqueConstraint("occasion", name=op.f("uq_charges_occasion")),
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charges_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_home_id"), ["home_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_request_id"), ["request_id"], unique=False)


def _ledger() -> None:
    """The statement: what was used becomes entries, and the rest of the grant the balance."""
    periods = _rows(old_allotments, "id", "contract_id", "kind", "period_start", "granted", "used")
    lines = _rows(old_ledger, "allotment_id", "request_id", "reason", "subject", "quantity", "at")
    op.drop_table("ledger")
    op.drop_table("allotments")
    allotments, ledger = _new_ledger_tables()
    signed = {row["id"]: row for row in _rows(contracts, "id", "terms", "starts_on")}
    quote_of = {f"booking:{row['id']}": row["quote_id"] for row in _rows(bookings, "id", "quote_id")}
    for period in periods:
        contract = signed[period["contract_id"]]
        mine = [line for line in lines if line["allotment_id"] == period["id"]]
        made = new_allotment(period, contract)
        number = _written(allotments, made)
        for entry in new_entries(period, mine, quote_of, _moment(period["period_start"])):
            op.get_bind().execute(sa.insert(ledger).values(allotment_id=number, **entry))
        for quote in {quote_of[line["subject"]] for line in mine if line["subject"] in quote_of}:
            _change(quotes, quote, contract_id=contract["id"], plan_id=_plan(contract["terms"], period["period_start"]))


def _new_ledger_tables() -> tuple[sa.Table, sa.Table]:
    kinds = ("grant", "reserve", "use", "release", "expire", "adjust")
    allotments = op.create_table(
        "allotments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("allowance", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.Column("balance", sa.Integer(), nullable=True),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_allotments_never_below_zero")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_allotments_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allotments")),
        sa.UniqueConstraint(
            "contract_id", "allowance", "period_start", name=op.f("uq_allotments_contract_id_allowance_period_start")
        ),
    )
    ledger = op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allotment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="entrykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["allotment_id"], ["allotments.id"], name=op.f("fk_ledger_allotment_id_allotments")),
        sa.ForeignKeyConstraint(["disputed_by_id"], ["people.id"], name=op.f("fk_ledger_disputed_by_id_people")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_ledger_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("allotment_id", "kind", "subject", name=op.f("uq_ledger_allotment_id_kind_subject")),
    )
    _index_requests()
    return allotments, ledger


def _old_ledger_tables() -> None:
    op.create_table(
        "allotments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= granted", name=op.f("ck_allotments_within_grant")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_allotments_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allotments")),
        sa.UniqueConstraint(
            "contract_id", "kind", "period_start", name=op.f("uq_allotments_contract_id_kind_period_start")
        ),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allotment_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["allotment_id"], ["allotments.id"], name=op.f("fk_ledger_allotment_id_allotments")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_ledger_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("allotment_id", "reason", "subject", name=op.f("uq_ledger_allotment_id_reason_subject")),
    )
    _index_requests()


def _index_requests() -> None:
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_request_id"), ["request_id"], unique=False)


def _tariffs() -> None:
    for row in _rows(tariffs, "id", "body"):
        body = new_tariff(row["body"])
        _change(tariffs, row["id"], body=body, digest=_digest(body))


# ── rows ──


def _rows(table: Any, *names: str) -> list[Row]:
    found = sa.select(*(table.c[name] for name in names))
    order = table.c.id if "id" in table.c else None
    return [dict(row) for row in op.get_bind().execute(found.order_by(order)).mappings()]


def _change(table: Any, number: int, **values: Any) -> None:
    op.get_bind().execute(sa.update(table).where(table.c.id == number).values(**values))


def _written(table: sa.Table, row: Row) -> int:
    key = op.get_bind().execute(sa.insert(table).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _plan(terms: Row, since: date) -> int:
    digest = _digest(terms)
    same = sa.select(plans.c.id).where(plans.c.digest == digest)
    if op.get_bind().scalar(same) is None:
        op.get_bind().execute(sa.insert(plans).values(digest=digest, body=terms, first_used_at=_moment(since)))
    return int(op.get_bind().execute(same).scalar_one())


def _digest(body: Row) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _moment(day: date) -> datetime:
    """The first moment of a day, as the database takes it."""
    zone = None if op.get_bind().dialect.name == "sqlite" else UTC
    return datetime.combine(day, time(0), zone)


# ── the shapes: from what 0001 wrote to what 0002 reads ──


def new_terms(old: Row) -> Row:
    """A plan: one price becomes prices, kinds of allowance become allowances, minutes of answer become promises."""
    if "price" not in old:
        return old
    names = ("key", "name", "summary", "areas")
    made: Row = {name: old[name] for name in names if name in old}
    made["prices"] = {old.get("period", "month"): str(old["price"])}
    if old.get("excluded"):
        made["excludes"] = [{"areas": old["excluded"]}]
    made["includes"] = [new_allowance(a) for a in old.get("includes", ())]
    if old.get("discount"):
        made["discounts"] = [{"percent": str(old["discount"])}]
    answers = (old.get("first_response_minutes") or {}).items()
    made["promises"] = [{"what": "answer", "urgencies": [urgency], "minutes": m} for urgency, m in answers]
    return made


def new_allowance(old: Row) -> Row:
    """Minutes of remote help, or visits."""
    key, unit, work = ALLOWANCES[old["kind"]]
    return {"key": key, "unit": unit, "work": [work], "amount": old["amount"], "per": old.get("per", "year")}


ALLOWANCES = {"remote_minutes": ("remote", "minutes", "remote"), "visits": ("visits", "visits", "visit")}


def new_tariff(old: Row) -> Row:
    """Two hourly rates become two rules for labour."""
    if "remote_hour" not in old:
        return old
    step = old.get("step_minutes", 15)
    rates = [("remote", old["remote_hour"]), ("visit", old["visit_hour"])]
    made: Row = {
        "key": old.get("key", "standard"),
        "labour": [{"work": [work], "per_hour": str(rate), "step": step} for work, rate in rates],
        "tax_included": old.get("tax_included", True),
        "quote_valid_days": old.get("quote_valid_days", 14),
    }
    if float(old.get("tax_percent") or 0):
        made["taxes"] = [{"percent": str(old["tax_percent"])}]
    return made


def new_verdict(old: Row, minutes: int) -> Row:
    """One allowance becomes a use of it."""
    if "help" not in old:
        return old
    made: Row = {"work": old["help"], "ruling": old["ruling"], "clause": old["clause"], "minutes": minutes}
    if old.get("allowance") and old.get("used"):
        key, unit, _ = ALLOWANCES[old["allowance"]]
        covers = old["used"] if unit == "minutes" else minutes
        use = {"allowance": key, "unit": unit, "before": old.get("before", 0), "units": old["used"], "minutes": covers}
        made["uses"] = [{**use, "pays": PAYS}]
    return made


def new_quote(old: Row, tariff: Row, verdict: Row) -> Row:
    """The tax is no line any more; everything else keeps its amount."""
    if "help" not in old:
        return old
    nothing = {**old["total"], "minor": 0}
    included = bool(tariff.get("tax_included", True))
    taxes = [
        {"percent": str(line["quantity"]), "of": line["unit_price"], "amount": line["amount"]}
        for line in old["lines"]
        if line["what"] == "tax"
    ]
    return {
        "work": old["help"], "minutes": old["minutes"], "billed": old["minutes"],
        "lines": [new_line(line, verdict) for line in old["lines"] if line["what"] != "tax"],
        "taxes": taxes, "tax_included": included, "total": old["total"], "tax": old["tax"],
        "net": {**old["total"], "minor": old["total"]["minor"] - old["tax"]["minor"]},
        "by_plan": old["by_plan"], "by_warranty": nothing,
    }  # fmt: skip


def new_line(old: Row, verdict: Row) -> Row:
    """Labour, what the plan pays, and its discount."""
    made: Row = {"what": old["what"], "amount": old["amount"], "quantity": str(old["quantity"])}
    if old["what"] == "labour":
        return {**made, "unit": "minute", "unit_price": old["unit_price"]}
    if old["what"] == "discount":
        return {**made, "unit": "percent", "key": "plan"}
    key, unit, _ = ALLOWANCES[verdict.get("allowance") or "visits"]
    return {**made, "unit": "minute" if unit == "minutes" else "visit", "key": key}


def new_allotment(old: Row, contract: Row) -> Row:
    """A period of an allowance, with what is left of it."""
    key, unit, _ = ALLOWANCES.get(old["kind"], (old["kind"], "visits", ""))
    per = next((a.get("per", "year") for a in contract["terms"].get("includes", ()) if a["key"] == key), "year")
    end = next_start(contract["starts_on"], MONTHS[per], old["period_start"])
    return {
        "contract_id": old["contract_id"], "allowance": key, "unit": unit, "period_start": old["period_start"],
        "period_end": end, "granted": old["granted"], "balance": old["granted"] - old["used"],
    }  # fmt: skip


def new_entries(period: Row, lines: list[Row], quote_of: dict[str, int], begun: datetime) -> list[Row]:
    """The grant, then what was booked and given back; their sum is what was left."""
    at = min([line["at"] for line in lines], default=begun)
    made = [{"kind": "grant", "quantity": period["granted"], "subject": "period", "reason": "period", "at": at}]
    for line in sorted(lines, key=lambda line: (line["at"], line["reason"] != "given_back")):
        taken = line["reason"] == "booked"
        subject = f"quote:{quote_of[line['subject']]}" if line["subject"] in quote_of else line["subject"]
        kind, reason = ("reserve", "booked") if taken else ("release", "called_off")
        entry = {"kind": kind, "quantity": -line["quantity"], "subject": subject, "reason": reason, "at": line["at"]}
        made.append({**entry, "request_id": line["request_id"]})
    rest = period["granted"] - period["used"] - sum(entry["quantity"] for entry in made)
    if rest:  # the old statement did not add up to what the old program went by: its word counts
        made.append({"kind": "adjust", "quantity": rest, "subject": "0002", "reason": "converted", "at": at})
    left = 0
    for entry in made:
        left += entry["quantity"]
        entry |= {"after": left, "by": "migration"}
    return made


def next_start(begin: date, months: int, start: date) -> date:
    """The first day of the period after the one that begins on `start`."""
    passed = (start.year - begin.year) * 12 + start.month - begin.month
    return _months_after(begin, passed - passed % months + months)


def _months_after(begin: date, months: int) -> date:
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    for day in range(begin.day, begin.day - 4, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise ValueError(f"no day {begin.day} in {year}-{month + 1}")
