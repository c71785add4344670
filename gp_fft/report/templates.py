"""What pages are made of: the Jinja templates, the style sheet, and data packed so that no markup occurs in them."""

import gzip
import json
from base64 import b64encode
from functools import cache
from importlib.resources import files as resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from gp_fft.report.payload import theme_variables


def asset(name: str) -> str:
    """The text of a file in ``gp_fft/report/assets``."""
    return (resources("gp_fft.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, loader=FunctionLoader(asset), undefined=StrictUndefined, trim_blocks=True)


def template(name: str) -> Template:
    """A template; whatever it is given is escaped."""
    return _environment().get_template(name)


def style() -> str:
    """The style sheet of every page, by day and by night."""
    return template("page.css").render(
        light_variables=Markup(theme_variables("light")), dark_variables=Markup(theme_variables("dark"))
    )


def pack(value: Any) -> str:
    """JSON, gzipped, in base64; the inverse of ``unpack`` in program.js."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return b64encode(gzip.compress(text.encode(), mtime=0)).decode()
