"""A real Chromium: the system's own, since no browser can be downloaded. Skipped, loudly, where there is none."""

import os
import shutil
import warnings

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = os.environ.get("PORTAL_REQUIRE_BROWSER") == "true"
if os.environ.get("PORTAL_WITHOUT_BROWSER") == "true":  # CI walks the journeys once, on PostgreSQL
    CHROMIUM = None


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        reason = "NO CHROMIUM: browser tests were SKIPPED. Install it (apt-get install chromium) to run them."
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; the ORM is used beside it
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                ],
            )
            yield chromium
            chromium.close()


@pytest.fixture
def visit(browser, live_server):
    """visit() opens a fresh browser window on the portal; it fails the test on any console error or CSP violation."""
    opened, complaints = [], []

    def window(width=1280, height=900):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", accept_downloads=True
        )
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(15_000)
        page.base = live_server.url
        opened.append(context)
        return page

    yield window
    for context in opened:
        context.close()
    assert not complaints, complaints


def sign_in(page, username, password="mat-khau-thu-66"):
    page.goto(f"{page.base}/dang-nhap/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)
