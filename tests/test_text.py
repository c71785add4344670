"""The text form comes back to the last bit, is read as people write it, and junk is refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft.ground.errors import DataError
from gp_fft.program import LIMIT_TERMS, Program
from gp_fft.program import text as text_module
from tests.strategies import programs
from tests.work import calls

SAMPLE = """# dft 2 complex
t0 = 0.7071067811865476*x0 - 2.5e-07i*x1
y1 = -1i*x0
y0 = x0 + 1i*x1 - t0 + 3.0*y1
"""


def test_the_form_is_this_one():
    program = Program.parse(SAMPLE)
    assert str(program) == SAMPLE
    shuffled = "\n".join(SAMPLE.splitlines()[k] for k in (0, 2, 1, 3)).replace("1i*x1 - t0", "1i*x1 -1*t0")
    assert str(Program.parse(shuffled)) == SAMPLE
    assert (program.title, program.field, program.inputs) == ("dft 2", "complex", 2)


@settings(max_examples=80, deadline=None)
@given(programs())
def test_round_trip(program):
    again = Program.parse(str(program))
    assert again == program
    assert again.title == program.title
    assert str(again) == str(program)


@settings(max_examples=80, deadline=None)
@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False), st.integers(0, 3))
def test_every_float_comes_back(size, turn):
    program = Program.build(1, "complex", [[(size, turn, 0)]], [0])
    assert Program.parse(str(program)) == program


@pytest.mark.parametrize(
    ("title", "inputs", "header"),
    [
        ("dft 2", 2, "# dft 2 complex"),
        ("dft 4", 2, "# dft 4 complex inputs=2"),
        ("", 2, "# complex"),
        ("my map", 3, "# my map complex inputs=3"),
        ("matrix 1x2", 2, "# matrix 1x2 complex"),
        ("dft-2d 2x2", 4, "# dft-2d 2x2 complex"),
        ("inputs=9", 2, "# inputs=9 complex"),
        ("real", 2, "# real complex"),
        ("dft 99999", 2, "# dft 99999 complex"),
    ],
)
def test_the_header_gives_the_inputs_where_nothing_else_does(title, inputs, header):
    program = Program.build(inputs, "complex", [[(1, 0, 0), (1, 0, 1)]], [0], title)
    assert str(program).splitlines()[0] == header
    again = Program.parse(str(program))
    assert (again, again.title) == (program, title)


@pytest.mark.parametrize(
    "line",
    [
        "y0 = x0 - 0.5i*x1",
        "y0=x0-.5i*x1",
        "  y0  =  + x0  -  0.5i * x1  # a remark",
        "y0 = 1*x0 - 5E-1i*x1",
        "y0 = -0.5i*x1 + 1.*x0\r",
        "# a remark\n\n\ty0 =\tx0 - 0.5i*x1",
    ],
)
def test_read_as_people_write_it(line):
    expected = Program.build(2, "complex", [[(1, 0, 0), (0.5, 3, 1)]], [0])
    assert Program.parse(f"\n#  complex  \n{line}\n") == expected


def test_a_lone_i_is_a_coefficient():
    assert Program.parse("# complex\ny0 = i*x0 - i*x1") == Program.parse("# complex\ny0 = 1i*x0 - 1i*x1")


def test_what_no_output_needs_is_left_out():
    assert Program.parse("# real\nt0 = x0\nt7 = x1\ny0 = 2*t0\n").definitions == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the text is empty"),
        ("\n \n", "the text is empty"),
        ("y0 = x0\n", "line 1: expected a header"),
        ("# dft 2\ny0 = x0\n", "line 1: expected a header"),
        ("# complex inputs=0\ny0 = x0", "line 1: a program has 1 to 1024 inputs"),
        ("# complex inputs=9999\ny0 = x0", "line 1: a program has 1 to 1024 inputs"),
        ("# complex\n", "defines no output"),
        ("# complex\nt0 = x0\n", "defines no output"),
        ("# complex\ny1 = x0\n", "y0 is missing, although y1"),
        ("# complex\ny0 = x0\ny0 = x1\n", "line 3: y0 is defined a second time"),
        ("# complex\ny0 = t1\nt1 = x1\n", "line 2: t1 is not defined above this line"),
        ("# complex\ny0 = y0\n", "line 2: y0 is not defined above this line"),
        ("# complex\ny0 = x0 + t9\n", "line 2: t9 is not defined"),
        ("# dft 2 complex\ny0 = x2\n", "line 2: x2 is not an input, the last one is x1"),
        ("# complex\ny0 = x4096\n", "line 2: x4096 is not an input"),
        ("# complex\ny1024 = x0\n", "line 2: y1024 is too many"),
        ("# complex\ny0 = nan*x0\n", "line 2: the coefficient 'nan'"),
        ("# complex\ny0 = NaN*x0\n", "line 2: the coefficient 'NaN'"),
        ("# complex\ny0 = inf*x0\n", "line 2: the coefficient 'inf'"),
        ("# complex\ny0 = -Infinity*x0\n", "line 2: the coefficient 'Infinity'"),
        ("# complex\ny0 = 1e999*x0\n", "line 2: the coefficient '1e999'"),
        ("# complex\ny0 = 0*x0\n", "line 2: the coefficient '0'"),
        ("# complex\ny0 = 1e-999*x0\n", "line 2: the coefficient '1e-999'"),
        ("# real\ny0 = x0 + 1i*x1\n", "line 2: an imaginary coefficient"),
        ("# complex\ny0 =\n", "line 2: expected a term"),
        ("# complex\nt0 = 0\ny0 = t0\n", "line 2: expected a term"),
        ("# complex\ny0 = x0 +\n", "line 2: expected a term"),
        ("# complex\ny0 = x0 x1\n", "line 2: expected a term"),
        ("# complex\ny0 = *x0\n", "line 2: expected a term"),
        ("# complex\ny0 = x0*0.5\n", "line 2: expected a term"),
        ("# complex\ny0 = 0.5x0\n", "line 2: expected a term"),
        ("# complex\ny0 = 0 + x0\n", "line 2: expected a term"),
        ("# complex\ny0 = 1_0*x0\n", "line 2: expected a term"),
        ("# complex\ny0 = ٣*x0\n", "line 2: expected a term"),
        ("# complex\ny0 = x٣\n", "line 2: expected a term"),
        ("# complex\ny0 = x-1\n", "line 2: expected a term"),
        ("# complex\ny0 = x1.5\n", "line 2: expected a term"),
        ("# complex\ny0 = x" + "9" * 5000, "line 2: expected a term"),
        ("# complex\nz0 = x0\n", "line 2: expected a definition"),
        ("# complex\ny-1 = x0\n", "line 2: expected a definition"),
        ("# complex\nimport os\n", "line 2: expected a definition"),
        ("# complex\n\x1b[31m\x00\n", "line 2: expected a definition"),
        ("# " + "a" * 300 + " complex\ny0 = x0", "at most 200 characters"),
    ],
)
def test_refused_with_its_line(text, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        Program.parse(text)
    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()


def test_too_many_terms():
    with pytest.raises(DataError, match="line 2: a program has at most 200000 terms"):
        Program.parse("# complex\ny0 = x0" + " + x0" * LIMIT_TERMS)


def test_too_long_a_text(monkeypatch):
    monkeypatch.setattr(text_module, "LIMIT_TEXT", 100)
    with pytest.raises(DataError, match="the text has 101 characters"):
        Program.parse("#" * 101)


@pytest.mark.parametrize("junk", ["9", " ", "9.", "1e", "+ ", "-", "i", "x", "x0 + ", "\n", "y0 = "])
def test_junk_is_refused_in_linear_time(junk):
    def refuse(length=100_000):
        with pytest.raises(DataError):
            Program.parse("# complex\ny0 = " + junk * length + "!")

    assert calls(refuse) < 20 * 100_000
    refuse(1_000_000)  # a pattern that tries every split of these would not end before the day does
