"""A headless Chromium for tests of pages: Debian's browser and driver, driven by Selenium, without any network."""

import json
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
WAIT = 30.0


def find_browser():
    """Paths of browser and driver; without them the tests fail in CI and are skipped elsewhere."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        reason = "no chromium and chromedriver here; `make browser` installs them on Debian"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return browser, driver


class Page:
    """One browser; `open` loads a file, `js` runs a function body in the page."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, width=1400, height=1000, dark=False):
        """Load a page and wait until its script has finished."""
        media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.logs()
        self.driver.get(Path(path).resolve().as_uri())
        self.until("return document.documentElement.dataset.ready === 'yes'")

    def js(self, code, *given):
        """The value of a function body, with what is given as `arguments`."""
        return self.driver.execute_script(code, *given)

    def until(self, code):
        """Wait until a function body gives something true."""
        end = time.monotonic() + WAIT
        while not (found := self.js(code)):
            assert time.monotonic() < end, f"{code}: {self.complaints()}"
            time.sleep(0.03)
        return found

    def complaints(self):
        """Warnings and errors on the console so far."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]

    def logs(self):
        """Everything that the network and the console told since the last call; clears both."""
        self.driver.get_log("browser")
        return [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]

    def requests(self):
        """Addresses that were asked for since the page was opened."""
        sent = [message for message in self.logs() if message["method"] == "Network.requestWillBeSent"]
        return [message["params"]["request"]["url"] for message in sent]


@contextmanager
def chromium():
    """A fresh browser with a profile of its own, as a Page."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser, driver = find_browser()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        running = webdriver.Chrome(options=options, service=Service(driver))
        try:
            yield Page(running)
        finally:
            running.quit()
