"""What those who run the portal look at: health, readiness, figures, the log."""

import json
import logging

import pytest
import yaml
from django.conf import settings
from django.db import OperationalError, connection
from pythonjsonlogger.json import JsonFormatter

from accounts import jobs
from danang_poverty import views
from danang_poverty.request_name import Named, request_id


class Away:
    def cursor(self):
        raise OperationalError("server closed the connection")


@pytest.fixture
def no_database(monkeypatch):
    monkeypatch.setattr(views, "connection", Away())


def test_alive_is_not_ready(client, no_database):
    assert client.get("/healthz").content == b"ok"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["ready"]) == (503, "away", False)


@pytest.mark.django_db
def test_ready_says_what_it_looked_at(client):
    assert client.get("/readyz").json() == {"database": "ok", "queue": "ok", "ready": True}


@pytest.mark.django_db
def test_a_database_that_is_behind_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(views, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


@pytest.mark.django_db
def test_a_queue_that_is_away_does_not_take_the_pages_away(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    views._redis.cache_clear()
    answer = client.get("/readyz")
    views._redis.cache_clear()
    assert (answer.status_code, answer.json()["queue"]) == (200, "away")


@pytest.mark.django_db
def test_figures_are_for_who_knows_the_token(client, cast, as_user, settings):
    jobs.start(kind="tests.sheet", title="Danh sách", by=cast["hoa"])
    assert as_user("admin").get("/metrics").status_code == 404, "no token is set"
    settings.METRICS_TOKEN = "a-long-token"
    for wrong in ("", "Bearer x", "Bearer ", "Bearer a-long-tokén"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    client.get("/viec/999999/")
    page = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).content.decode()
    assert 'portal_jobs{state="waiting"} 1.0' in page
    assert 'portal_requests_total{method="GET",status="404",view="job_detail"}' in page
    assert "portal_disk_free_bytes" in page


@pytest.mark.django_db
def test_a_line_of_the_log_names_its_request_and_no_person(client, as_user, caplog):
    caplog.set_level(logging.INFO, "portal.request")
    answer = as_user("hoa").get("/ho/?q=Nguyễn", headers={"X-Request-ID": "abcdef01-2345"})
    assert answer["X-Request-ID"] == "abcdef01-2345"
    record = next(one for one in caplog.records if one.name == "portal.request")
    token = request_id.set("abcdef01-2345")
    Named().filter(record)
    request_id.reset(token)
    line = JsonFormatter("{levelname} {request_id} {message}", style="{", json_ensure_ascii=False).format(record)
    told = json.loads(line)
    assert (told["path"], told["status"], told["view"]) == ("/ho/", 200, "household_list")
    assert told["request_id"] == "abcdef01-2345"
    assert "Nguy" not in line


@pytest.mark.parametrize("given", ["", "x", 'a"} {"forged', "a" * 65, "a\tb-----"])
def test_an_odd_name_from_outside_is_replaced(client, given):
    name = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert name != given
    assert len(name) == 32


@pytest.mark.django_db
def test_a_page_that_breaks_tells_its_name_in_the_log(client, as_user, monkeypatch):
    page = as_user("hoa")
    monkeypatch.setattr(jobs, "seen", lambda job: 1 / 0)
    job = jobs.start(kind="tests.sheet", title="Danh sách", by=page.get("/toi/").context["user"])
    page.raise_request_exception = False
    answer = page.get(f"/viec/{job.pk}/")
    assert answer.status_code == 500
    assert f"mã <b>{answer['X-Request-ID']}</b>" in answer.content.decode()


def test_the_log_of_production_is_json_and_of_a_newcomer_is_not():
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "line"
    assert settings.LOGGING["formatters"]["json"]["()"] == "pythonjsonlogger.json.JsonFormatter"


def compose() -> dict:
    return yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]


def test_only_migrate_is_the_owner_of_the_tables():
    """The others know neither the owner's password nor how to give their role more."""
    knowing = {name for name, service in compose().items() if "POSTGRES_PASSWORD" in str(service.get("environment"))}
    assert knowing == {"migrate", "db"}
    for name in ("web", "worker", "beat"):
        assert compose()[name]["environment"]["DATABASE_URL"].startswith("postgres://portal_app:")
    assert compose()["migrate"]["environment"]["APP_DATABASE_ROLE"] == "portal_app"


def test_every_part_that_stays_says_how_it_is():
    assert {name for name, service in compose().items() if "healthcheck" not in service} == {"migrate"}
