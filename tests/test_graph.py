"""Graphs of programs: attributes, pictures and files in every registered format."""

import io
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.draw import graph as graphs
from gp_fft.draw import marks
from gp_fft.draw.coefficients import subscript, write_coefficient, write_size
from gp_fft.draw.format import Format
from gp_fft.draw.formats import FORMATS, list_formats, write
from gp_fft.draw.formats.dot import quote_dot
from gp_fft.draw.formats.svg import escape_xml, to_svg
from gp_fft.draw.formats.tikz import escape_latex, to_formula
from gp_fft.draw.theme import THEMES
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from tests.strategies import programs

LIGHT = THEMES["light"]
SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('x')</script> & \"q\" \\n $e^x_y$ {%~#}"


def eight() -> Program:
    return textbook.radix2(transforms.get("dft", 8))


def nasty() -> Program:
    return Program.build(2, "complex", [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 2), (0.5, 3, 0)]], [1, 0], NASTY)


@settings(max_examples=40, deadline=None)
@given(programs())
def test_the_graph_says_what_the_program_is(program):
    graph = graphs.to_graph(program)
    names = list(graph)
    assert nx.is_directed_acyclic_graph(graph)
    assert len(graph) == program.inputs + program.definitions
    rows = list(program.rows())
    equations = str(program).splitlines()[1:]
    matrix = program.matrix()
    for value, (name, node) in enumerate(graph.nodes.items()):
        assert node["label"] == name
        assert node["uses"] == sum(any(ref == value for _, _, ref in row) for row in rows)
        assert node["shared"] == (value >= program.inputs and node["uses"] > 1)
        if node["kind"] == "input":
            assert (name, node["layer"], node["equation"]) == (f"x{node['index']}", 0, name)
        else:
            assert node["equation"] == equations[value - program.inputs]
            assert node["equation"].startswith(f"{name} = ")
            assert node["layer"] == 1 + max((graph.nodes[s]["layer"] for s in graph.predecessors(name)), default=0)
        if node["kind"] == "output":
            assert program.outputs[node["index"]] == value - program.inputs
            np.testing.assert_allclose(node["vector"], matrix[node["index"]], atol=1e-9 * (1 + np.abs(matrix).max()))
    for source, target, edge in graph.edges(data=True):
        terms = [(s, t) for s, t, ref in rows[names.index(target) - program.inputs] if names[ref] == source]
        assert list(edge["terms"]) == terms
        assert edge["coefficient"] == pytest.approx(sum(s * 1j**t for s, t in terms))
        assert edge["scale"] == any(s != 1.0 for s, _ in terms)
    assert max(layer for _, layer in graph.nodes(data="layer")) == program.depth


def test_vectors_are_read_only_and_left_out_when_too_large(monkeypatch):
    vector = graphs.to_graph(eight()).nodes["y1"]["vector"]
    np.testing.assert_allclose(vector, np.exp(-2j * np.pi * np.arange(8) / 8), atol=1e-14)
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 0
    monkeypatch.setattr(graphs, "LIMIT_HELD", 10)
    graph = graphs.to_graph(eight())
    assert "vector" not in graph.nodes["y1"]
    for entry in FORMATS.values():
        assert entry.write(graph, LIGHT)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"), (-1, "−1"), (1j, "i"), (-1j, "−i"), (0.5, "½"), (-0.75, "−¾"), (2.5, "5/2"), (3j, "3i"),
        (math.sqrt(0.5), "√½"), (-1j * math.sqrt(0.5), "−i√½"), (math.sqrt(3) / 2, "½√3"),
        (math.cos(math.pi / 8), "cos π/8"), (1j * math.sin(math.pi / 8), "i sin π/8"),
        (math.cos(2 * math.pi / 7), "cos 2π/7"), (2 * math.cos(math.pi / 16), "2 cos π/16"),
        (math.sqrt(2) - 1, "tan π/8"), (1 - 1j, "1−i"), (-math.sqrt(2) * (1 + 1j), "√2(−1−i)"),
        (np.exp(-2j * np.pi * 3 / 16), "ω₁₆³"), (np.exp(2j * np.pi / 8), "ω₈⁷"),
        (np.exp(-2j * np.pi / 5), "ω₅"),
        (0.31234567, "0.3123"), (1.5e-7, "1.5×10⁻⁷"), (0.5 + 2j, "½+2i"),
        (0.1234567 - 9.87654j, "0.1235−9.877i"),
        (0.7071067811865476 * (1 + 1e-12), "√½"), (1e-17 + 1j, "i"), (0, "0"),
    ],
)  # fmt: skip
def test_coefficients_are_written_as_people_write_them(value, text):
    assert write_coefficient(complex(value)) == text


def test_every_named_size_is_the_number_that_it_names():
    names = {"√½": math.sqrt(0.5), "¼√5": math.sqrt(5) / 4, "√(5/7)": math.sqrt(5 / 7), "31/16": 31 / 16}
    for name, size in names.items():
        assert write_size(size) == name
    assert (subscript("t12"), subscript("y0")) == ("t₁₂", "y₀")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("½", r"\tfrac{1}{2}"), ("ω₁₆³", r"\omega_{16}^{3}"), ("−i√½", r"-i\sqrt{\tfrac{1}{2}}"), ("t₁₂", "t_{12}"),
        ("¼√5", r"\tfrac{1}{4}\sqrt{5}"), ("√(5/7)", r"\sqrt{\tfrac{5}{7}}"), ("1.5×10⁻⁷", r"1.5\cdot 10^{-7}"),
        ("−2 cos 3π/8", r"-2 \cos \tfrac{3\pi }{8}"), ("√2(−1−i)", r"\sqrt{2}(-1-i)"), ("31/16", r"\tfrac{31}{16}"),
        ("ωₙ = exp(−2πi/n)", r"\omega_{n} = \exp(-2\pi i/n)"),
    ],
)  # fmt: skip
def test_names_and_coefficients_become_formulas(text, formula):
    assert to_formula(text) == formula


KINDS = {
    "complex": eight(),
    "real": textbook.radix2(transforms.get("rdft", 4)),
    "title and outputs that are read": nasty(),
    "an empty output": Program.build(1, "real", [[(1.0, 0, 0)], []], [0, 1], "変換 $x$ фурье"),
    "no edge": Program.build(1, "complex", [[]], [0]),
    "too large for names": textbook.split_radix(transforms.get("dft", 16)),
}


def braces(written):
    """A reader of languages of braces, as far as that goes."""
    text = re.sub(r"\\\\|\\.", "", written.decode())
    assert text.count("{") == text.count("}") > 0


READERS = {
    ".svg": ET.fromstring,
    ".json": lambda written: nx.node_link_graph(json.loads(written), edges="edges"),
    ".graphml": lambda written: nx.parse_graphml(written.decode()),
    ".png": lambda written: Image.open(io.BytesIO(written)).load(),
    ".pdf": lambda written: re.fullmatch(rb"%PDF-.*%%EOF\n", written, re.DOTALL)[0],
    **dict.fromkeys((".dot", ".gv", ".tex", ".tikz"), braces),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_writes_every_kind_of_program(tmp_path, monkeypatch, suffix, kind):
    """The conformance of a graph format: any program, any theme, the same bytes twice, and a reader understands."""
    monkeypatch.setattr(marks, "MOST_NAMED", 40)
    written = []
    for theme in ("light", *THEMES):
        write(KINDS[kind], tmp_path / f"{len(written)}{suffix}", theme)
        written.append((tmp_path / f"{len(written)}{suffix}").read_bytes())
        assert len(written[-1]) > 200
        READERS.get(suffix, bytes.decode)(written[-1])
    assert written[0] == written[1]
    assert len(list(tmp_path.iterdir())) == len(written)


def test_the_suffix_may_be_upper_case_and_the_path_a_string(tmp_path):
    write(eight(), str(tmp_path / "a.SVG"))
    assert (tmp_path / "a.SVG").read_text(encoding="utf-8") == to_svg(eight())


@pytest.mark.parametrize("name", ["picture.bmp", "picture"])
def test_an_unknown_suffix_is_refused_with_the_list(tmp_path, name):
    with pytest.raises(UsageError, match=re.escape(f"choose one of {', '.join(FORMATS)}")):
        write(eight(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_unknown_theme_is_refused_and_nothing_written(tmp_path):
    for suffix in FORMATS:
        with pytest.raises(UsageError, match="light, dark"):
            write(eight(), tmp_path / f"a{suffix}", "blue")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_a_data_error(tmp_path):
    with pytest.raises(DataError):
        write(eight(), tmp_path / "nowhere" / "a.svg")


def test_svg_draws_every_node_and_edge_once_and_marks_shared_ones():
    program = eight()
    graph = graphs.to_graph(program)
    root = ET.fromstring(to_svg(program))
    nodes = {g.get("data-name"): g for g in root.iter(f"{SVG}g") if g.get("class") == "node"}
    assert sorted(nodes) == sorted(graph)
    assert len([g for g in root.iter(f"{SVG}g") if g.get("class") == "node"]) == len(graph)
    for name, group in nodes.items():
        assert (group.find(f"{SVG}rect") is not None) == graph.nodes[name]["shared"]
        assert group.find(f"{SVG}title").text == graph.nodes[name]["equation"]
    edges = [(p.get("data-from"), p.get("data-to")) for p in root.iter(f"{SVG}path") if p.get("class") == "edge"]
    assert sorted(edges) == sorted(graph.edges)
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {"dft 8", "x₀", "y₇", "t₀", "−1", "−i", "ω₈", "shared: used more than once"} <= set(words)


def test_nothing_in_the_svg_leaves_the_file():
    text = to_svg(eight())
    assert text.count("http") == 1  # the name of the SVG namespace
    assert "<script" not in to_svg(nasty())


def test_outputs_that_are_read_again_keep_one_node_and_get_a_port():
    root = ET.fromstring(to_svg(nasty()))
    groups = [(g.get("class"), g.get("data-name")) for g in root.iter(f"{SVG}g") if g.get("data-name")]
    assert groups.count(("node", "y1")) == groups.count(("port", "y1")) == 1


def test_titles_are_escaped_everywhere(tmp_path):
    graph = graphs.to_graph(nasty())
    root = ET.fromstring(FORMATS[".svg"].write(graph, LIGHT))
    assert root.find(f"{SVG}title").text == NASTY
    assert NASTY in [text.text for text in root.iter(f"{SVG}text")]
    assert json.loads(FORMATS[".json"].write(graph, LIGHT))["graph"]["title"] == NASTY
    assert nx.read_graphml(_file(tmp_path, FORMATS[".graphml"].write(graph, LIGHT))).graph["title"] == NASTY
    assert "\\textbackslash{}n \\$e\\textasciicircum{}x\\_y\\$" in FORMATS[".tikz"].write(graph, LIGHT)
    assert '\\"q\\" \\\\n' in FORMATS[".dot"].write(graph, LIGHT)
    assert escape_xml("a\x00<\ud800") == "a\ufffd&lt;\ufffd"
    assert quote_dot('a"\\N\n') == '"a\\"\\\\N "'
    assert escape_latex("50%−x") == "50\\%$-$x"


def test_graphml_comes_back_with_all_nodes_edges_and_factors(tmp_path):
    graph = graphs.to_graph(eight())
    back = nx.read_graphml(_file(tmp_path, FORMATS[".graphml"].write(graph, LIGHT)))
    assert list(back) == list(graph)
    assert set(back.edges) == set(graph.edges)
    for source, target, edge in graph.edges(data=True):
        found = back.edges[source, target]
        assert complex(found["real"], found["imaginary"]) == edge["coefficient"]
        assert found["scale"] is edge["scale"]
    vector = [complex(entry) for entry in back.nodes["y1"]["vector"].split()]
    assert vector == graph.nodes["y1"]["vector"].tolist()


def test_json_is_node_link_data():
    graph = graphs.to_graph(eight())
    document = json.loads(FORMATS[".json"].write(graph, LIGHT))
    back = nx.node_link_graph(document, edges="edges")
    assert list(back) == list(graph)
    assert set(back.edges) == set(graph.edges)
    for source, target, edge in graph.edges(data=True):
        assert complex(*back.edges[source, target]["coefficient"]) == edge["coefficient"]
    real = json.loads(FORMATS[".json"].write(graphs.to_graph(textbook.radix2(transforms.get("rdft", 4))), LIGHT))
    assert all(isinstance(edge["coefficient"], float) for edge in real["edges"])


def test_png_and_pdf_are_what_they_say_and_do_not_depend_on_settings():
    import matplotlib

    graph = graphs.to_graph(eight())
    png = FORMATS[".png"].write(graph, LIGHT)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    with matplotlib.rc_context({"font.size": 40, "text.color": "red", "savefig.bbox": "tight", "figure.dpi": 30}):
        assert FORMATS[".png"].write(graph, LIGHT) == png
    assert FORMATS[".png"].write(graph, THEMES["dark"]) != png
    pdf = FORMATS[".pdf"].write(graph, LIGHT)
    assert pdf[:5] == b"%PDF-"
    assert pdf == FORMATS[".pdf"].write(graph, LIGHT)


def test_a_format_checks_itself():
    with pytest.raises(UsageError, match=r"such as \.dot, not 'dot'"):
        Format("dot", "Graphviz", FORMATS[".dot"].write)
    with pytest.raises(UsageError, match="a few words"):
        Format(".mine", " ", FORMATS[".dot"].write)


def test_a_new_format_is_listed_and_written(tmp_path):
    FORMATS[".count"] = Format(".count", "a number", lambda graph, theme: f"{len(graph)} {theme.paper}\n")
    try:
        write(eight(), tmp_path / "eight.count", "dark")
        assert list_formats().endswith(", a number (.count)")
    finally:
        del FORMATS[".count"]
    assert (tmp_path / "eight.count").read_text() == f"{len(graphs.to_graph(eight()))} #14181d\n"
    with pytest.raises(UsageError, match=r"no graph format for the suffix '\.count'"):
        write(eight(), tmp_path / "eight.count")


def test_formats_are_listed_without_heavy_libraries():
    """And a format does not load what only another one needs."""
    code = (
        "import sys; from gp_fft.draw.formats import list_formats; list_formats(); "
        "print([name for name in ('networkx', 'scipy.optimize', 'matplotlib') if name in sys.modules])\n"
        "from gp_fft import Program; Program.parse('# dft 1 complex\\ny0 = x0\\n')._repr_svg_(); "
        "print('matplotlib' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.split("\n") == ["[]", "False", ""]


def test_large_pictures_are_thinned_out_and_say_so(monkeypatch):
    monkeypatch.setattr(marks, "MOST_NAMED", 10)
    words = [text.text for text in ET.fromstring(to_svg(eight())).iter(f"{SVG}text")]
    assert "t₀" not in words
    assert "−1" not in words
    assert "x₀" in words
    assert any("names and factors left out" in word for word in words)


def left_out(program):
    words = [text.text for text in ET.fromstring(to_svg(program)).iter(f"{SVG}text")]
    return [word for word in words if "left out" in word]


CROWDED = """# dct2 4 real
t0 = x0 - x3
t1 = x1 - x2
y1 = 1.8477590650225735*t0 + 0.7653668647301796*t1
y3 = 0.7653668647301796*t0 - 1.8477590650225735*t1
t4 = x0 + x3
t5 = x1 + x2
y0 = 2.0*t4 + 2.0*t5
y2 = 1.4142135623730951*t4 - 1.4142135623730951*t5
"""


@pytest.mark.parametrize("name", ["dft", "dct2", "dct4", "dht"])
@pytest.mark.parametrize("n", [4, 8, 9, 16, 23])
def test_every_factor_is_written(name, n):
    transform = transforms.get(name, n)
    assert left_out(textbook.definition(transform)) == []
    if n in (4, 8, 16) and name in ("dft", "dht"):
        assert left_out(textbook.radix2(transform)) == []


def test_every_factor_of_a_crowded_gap_is_written():
    assert left_out(Program.parse(CROWDED)) == []
    assert left_out(textbook.definition(transforms.get("dct2", 64))) == []


@settings(max_examples=25, deadline=None)
@given(programs())
def test_factors_do_not_cover_each_other_or_a_node(program):
    scene = marks.draw_scene(graphs.to_graph(program))
    factors = [label for label in scene.labels if label.target]
    assert len(factors) == sum(1 for line in scene.lines if line.target and line.role != "wire")
    for k, a in enumerate(factors):
        for b in factors[:k]:
            across = min((a.width + b.width) / 2 - abs(a.at[0] - b.at[0]), a.width, b.width)
            down = a.size - abs(a.at[1] - b.at[1])
            assert max(0.0, across) * max(0.0, down) < 0.4 * min(a.width, b.width) * a.size
    for label in factors:
        for node in scene.nodes:
            if node.name and abs(node.centre[1] - label.at[1]) < 1.0:
                assert abs(node.centre[0] - label.at[0]) >= label.width / 2


def test_a_program_shows_itself_in_a_notebook():
    import gp_fft

    assert gp_fft.Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")._repr_svg_().startswith("<svg")


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_sixty_four_points_are_drawn(suffix, monkeypatch):
    from gp_fft.draw import lanes

    sweeps, price = [], lanes._Loom.price
    monkeypatch.setattr(lanes._Loom, "price", lambda *given: sweeps.append(1) or price(*given))
    assert FORMATS[suffix].write(graphs.to_graph(textbook.radix2(transforms.get("dft", 64))), LIGHT)
    assert len(sweeps) < 300  # how often all edges are priced: what the time to draw it grows with


def _file(folder, text):
    path = folder / "written"
    path.write_text(text, encoding="utf-8")
    return path
