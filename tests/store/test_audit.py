from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from bot.store.audit import AuditLog, append, record
from bot.store.database import writing


def some(engine: Engine, number: int = 6) -> None:
    for each in range(number):
        record(engine, who="ana@example.org", person=1, action="people.invite", subject=f"p:{each}")


def tamper(engine: Engine, *statements: str) -> None:
    """Change the log as somebody does who can drop its triggers."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
            return
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type='trigger'"))
        for name, _ in (triggers := found.all()):
            connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def test_a_whole_chain_is_found_whole(engine: Engine) -> None:
    some(engine)
    verdict = AuditLog(engine).verify(batch=2)
    assert (verdict.broken, verdict.entries) == (None, 6)
    assert verdict.head == AuditLog(engine).head()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'bob@example.org'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 2",
    ],
)
def test_the_database_refuses_changes(engine: Engine, statement: str) -> None:
    some(engine)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))
    assert AuditLog(engine).verify().entries == 6


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET who = 'bob@example.org' WHERE id = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE id = 1", 1),
        ("UPDATE audit SET detail = '{ }' WHERE id = 6", 6),
        ("UPDATE audit SET person = NULL WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
    ],
)
def test_changes_made_past_the_triggers_are_found(
    engine: Engine, statement: str, broken: int
) -> None:
    some(engine)
    tamper(engine, statement)
    assert AuditLog(engine).verify().broken == broken


def test_a_lost_end_is_found_by_a_hash_that_was_kept(engine: Engine) -> None:
    some(engine)
    kept = AuditLog(engine).head()
    assert AuditLog(engine).verify(kept).broken is None
    tamper(engine, "DELETE FROM audit WHERE id >= 5")
    assert AuditLog(engine).verify().broken is None
    assert AuditLog(engine).verify(kept).broken is not None


def test_writers_at_once_make_one_chain(engine: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: record(engine, who="x", action="a", subject=str(n)), range(40)))
    verdict = AuditLog(engine).verify()
    assert (verdict.broken, verdict.entries) == (None, 40)


def test_what_fails_is_not_logged(engine: Engine) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:
        append(connection, who="x", action="a")
        raise RuntimeError
    assert AuditLog(engine).page() == []


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    who=st.text(max_size=300),
    subject=st.text(max_size=400),
    detail=st.dictionaries(
        st.text(max_size=20), st.text(max_size=40) | st.integers() | st.floats(allow_nan=False)
    ),
)
def test_whatever_is_logged_verifies(
    engine: Engine, who: str, subject: str, detail: dict[str, object]
) -> None:
    record(engine, who=who, action="any", subject=subject, detail=detail)
    assert AuditLog(engine).verify().broken is None
    AuditLog(engine).page()


def test_pages_and_filters(engine: Engine) -> None:
    record(engine, who="ana", person=1, action="people.invite", subject="person:2")
    record(engine, who="ana", person=1, action="people.role", subject="person:2")
    record(engine, who="bo", person=2, action="peoples", subject="person:1")
    log = AuditLog(engine)
    assert [each.action for each in log.page(action="people")] == ["people.role", "people.invite"]
    assert [each.action for each in log.page(person=2)] == ["peoples"]
    assert [each.id for each in log.page(limit=2)] == [3, 2]
    assert [each.id for each in log.page(before=2)] == [1]
    assert [each.id for each in log.page(subject="person:1")] == [3]
    assert log.page(until=1.0) == [] and len(log.page(since=1.0)) == 3
