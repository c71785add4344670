"""Graphs of programs: attributes, pictures and files in every registered format."""

import json
import math
import xml.etree.ElementTree as ET

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.draw import graph as graphs
from gp_fft.draw import marks as compose
from gp_fft.draw.coefficients import subscript, write_coefficient, write_size
from gp_fft.draw.dot import quote_dot
from gp_fft.draw.formats import FORMATS
from gp_fft.draw.svg import escape_xml
from gp_fft.draw.tikz import escape_latex
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from tests.strategies import programs

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('x')</script> & \"q\" \\n $e^x_y$ {%~#}"


def eight() -> Program:
    return textbook.radix2(transforms.get("dft", 8))


def nasty() -> Program:
    return Program.build(
        2, "complex", [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 2), (0.5, 3, 0)]], [1, 0], NASTY
    )


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
            assert node["layer"] == 1 + max(
                (graph.nodes[s]["layer"] for s in graph.predecessors(name)), default=0
            )
        if node["kind"] == "output":
            assert program.outputs[node["index"]] == value - program.inputs
            np.testing.assert_allclose(
                node["vector"], matrix[node["index"]], atol=1e-9 * (1 + np.abs(matrix).max())
            )
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
    for writer in FORMATS.values():
        assert writer(graph, "light")


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
    assert write_coefficient(complex(value)).text == text


def test_every_named_size_is_the_number_that_it_names():
    names = {"√½": math.sqrt(0.5), "¼√5": math.sqrt(5) / 4, "√(5/7)": math.sqrt(5 / 7), "31/16": 31 / 16}
    for name, size in names.items():
        assert write_size(size).text == name
    assert write_size(0.5).latex == r"\tfrac{1}{2}"
    assert (subscript("t12"), subscript("y0")) == ("t₁₂", "y₀")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_format_writes_every_kind_of_program(tmp_path, suffix, theme):
    for k, program in enumerate((eight(), textbook.radix2(transforms.get("rdft", 4)), nasty())):
        path = tmp_path / f"{k}{suffix}"
        graphs.write(program, path, theme)
        assert path.stat().st_size > 200
    assert len(list(tmp_path.iterdir())) == 3


def test_the_suffix_may_be_upper_case_and_the_path_a_string(tmp_path):
    graphs.write(eight(), str(tmp_path / "a.SVG"))
    assert (tmp_path / "a.SVG").read_text(encoding="utf-8") == graphs.to_svg(eight())


@pytest.mark.parametrize("name", ["picture.bmp", "picture"])
def test_an_unknown_suffix_is_refused_with_the_list(tmp_path, name):
    with pytest.raises(UsageError, match=r"choose one of \.svg, \.png, \.pdf"):
        graphs.write(eight(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_unknown_theme_is_refused_and_nothing_written(tmp_path):
    for suffix in FORMATS:
        with pytest.raises(UsageError, match="light, dark"):
            graphs.write(eight(), tmp_path / f"a{suffix}", "blue")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_a_data_error(tmp_path):
    with pytest.raises(DataError):
        graphs.write(eight(), tmp_path / "nowhere" / "a.svg")


def test_svg_draws_every_node_and_edge_once_and_marks_shared_ones():
    program = eight()
    graph = graphs.to_graph(program)
    root = ET.fromstring(graphs.to_svg(program))
    nodes = {g.get("data-name"): g for g in root.iter(f"{SVG}g") if g.get("class") == "node"}
    assert sorted(nodes) == sorted(graph)
    assert len([g for g in root.iter(f"{SVG}g") if g.get("class") == "node"]) == len(graph)
    for name, group in nodes.items():
        assert (group.find(f"{SVG}rect") is not None) == graph.nodes[name]["shared"]
        assert group.find(f"{SVG}title").text == graph.nodes[name]["equation"]
    edges = [
        (p.get("data-from"), p.get("data-to")) for p in root.iter(f"{SVG}path") if p.get("class") == "edge"
    ]
    assert sorted(edges) == sorted(graph.edges)
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {"dft 8", "x₀", "y₇", "t₀", "−1", "−i", "ω₈", "shared: used more than once"} <= set(words)


def test_nothing_in_the_svg_leaves_the_file():
    text = graphs.to_svg(eight())
    assert text.count("http") == 1  # the name of the SVG namespace
    assert "<script" not in graphs.to_svg(nasty())


def test_outputs_that_are_read_again_keep_one_node_and_get_a_port():
    root = ET.fromstring(graphs.to_svg(nasty()))
    groups = [(g.get("class"), g.get("data-name")) for g in root.iter(f"{SVG}g") if g.get("data-name")]
    assert groups.count(("node", "y1")) == groups.count(("port", "y1")) == 1


def test_titles_are_escaped_everywhere(tmp_path):
    graph = graphs.to_graph(nasty())
    root = ET.fromstring(FORMATS[".svg"](graph, "light"))
    assert root.find(f"{SVG}title").text == NASTY
    assert NASTY in [text.text for text in root.iter(f"{SVG}text")]
    assert json.loads(FORMATS[".json"](graph, "light"))["graph"]["title"] == NASTY
    assert nx.read_graphml(_file(tmp_path, FORMATS[".graphml"](graph, "light"))).graph["title"] == NASTY
    assert "\\textbackslash{}n \\$e\\textasciicircum{}x\\_y\\$" in FORMATS[".tikz"](graph, "light")
    assert '\\"q\\" \\\\n' in FORMATS[".dot"](graph, "light")
    assert escape_xml("a\x00<\ud800") == "a\ufffd&lt;\ufffd"
    assert quote_dot('a"\\N\n') == '"a\\"\\\\N "'
    assert escape_latex("50%−x") == "50\\%$-$x"


def test_graphml_comes_back_with_all_nodes_edges_and_factors(tmp_path):
    graph = graphs.to_graph(eight())
    back = nx.read_graphml(_file(tmp_path, FORMATS[".graphml"](graph, "light")))
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
    document = json.loads(FORMATS[".json"](graph, "light"))
    back = nx.node_link_graph(document, edges="edges")
    assert list(back) == list(graph)
    assert set(back.edges) == set(graph.edges)
    for source, target, edge in graph.edges(data=True):
        assert complex(*back.edges[source, target]["coefficient"]) == edge["coefficient"]
    real = json.loads(FORMATS[".json"](graphs.to_graph(textbook.radix2(transforms.get("rdft", 4))), "light"))
    assert all(isinstance(edge["coefficient"], float) for edge in real["edges"])


def test_png_and_pdf_are_what_they_say_and_do_not_depend_on_settings():
    import matplotlib

    graph = graphs.to_graph(eight())
    png = FORMATS[".png"](graph, "light")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    with matplotlib.rc_context(
        {"font.size": 40, "text.color": "red", "savefig.bbox": "tight", "figure.dpi": 30}
    ):
        assert FORMATS[".png"](graph, "light") == png
    assert FORMATS[".png"](graph, "dark") != png
    pdf = FORMATS[".pdf"](graph, "light")
    assert pdf[:5] == b"%PDF-"
    assert pdf == FORMATS[".pdf"](graph, "light")


def test_a_title_in_any_script_can_be_drawn():
    program = Program.build(1, "real", [[(1.0, 0, 0)]], [0], "変換 $x$ фурье")
    for writer in FORMATS.values():
        assert writer(graphs.to_graph(program), "light")


def test_large_pictures_are_thinned_out_and_say_so(monkeypatch):
    monkeypatch.setattr(compose, "MOST_NAMED", 10)
    words = [text.text for text in ET.fromstring(graphs.to_svg(eight())).iter(f"{SVG}text")]
    assert "t₀" not in words
    assert "−1" not in words
    assert "x₀" in words
    assert any("names and factors left out" in word for word in words)


def left_out(program):
    words = [text.text for text in ET.fromstring(graphs.to_svg(program)).iter(f"{SVG}text")]
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
    scene = compose.compose(graphs.to_graph(program))
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

    assert (
        gp_fft.Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")._repr_svg_().startswith("<svg")
    )


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_sixty_four_points_are_drawn(suffix, monkeypatch):
    from gp_fft.draw import lanes

    sweeps, price = [], lanes._price_of
    monkeypatch.setattr(lanes, "_price_of", lambda *given: sweeps.append(1) or price(*given))
    assert FORMATS[suffix](graphs.to_graph(textbook.radix2(transforms.get("dft", 64))), "light")
    assert len(sweeps) < 300  # how often all edges are priced: what the time to draw it grows with


def _file(folder, text):
    path = folder / "written"
    path.write_text(text, encoding="utf-8")
    return path
