"""A scheme as recursive C: one file that needs libm alone and runs at any n of the family, with programs as leaves.

Vectors of complex numbers are pairs of doubles, as in C99 and FFTW. One table of cosines and sines for the n that was
asked for serves all levels; all vectors of a level lie in one work space, which the call below goes on with.
"""

from __future__ import annotations

from collections.abc import Mapping

from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.schemes.operations import solve
from gp_fft.schemes.python_code import checked_name
from gp_fft.schemes.scheme import CALL, SUM, Scheme, Step
from gp_fft.schemes.text import format_scheme

_COMPLEX = """typedef struct {{ double re, im; }} value;
static inline value plus(value a, value b) {{ value c = {{a.re + b.re, a.im + b.im}}; return c; }}
static inline value scaled(double s, value a) {{ value c = {{s*a.re, s*a.im}}; return c; }}
static inline value turned(int t, value a) {{
    value c = a;
    if (t == 1) {{ c.re = -a.im; c.im = a.re; }}
    if (t == 2) {{ c.re = -a.re; c.im = -a.im; }}
    if (t == 3) {{ c.re = a.im; c.im = -a.re; }}
    return c;
}}
static inline value times(value a, value b) {{
    value c = {{a.re*b.re - a.im*b.im, a.re*b.im + a.im*b.re}};
    return c;
}}
"""
_REAL = """typedef double value;
static inline value plus(value a, value b) {{ return a + b; }}
static inline value scaled(double s, value a) {{ return s*a; }}
static inline value turned(int t, value a) {{ return t == 2 ? -a : a; }}
"""
_HEAD = """/* {title}: one recursive program for every n of the family.
   {recurrence}{closed}

{scheme} */

#include <math.h>
#include <stdlib.h>

{kind}
typedef struct {{ long n; double *cosine, *sine; }} table;
typedef struct {{ table w; value *work; }} plan;
void *{function}_plan(long n);
void {function}_run(void *plan, const double *x, double *y);
void {function}_free(void *plan);
int {function}(long n, const double *x, double *y);
static inline long place(const table *w, long k, long of) {{ k %= of; return (k < 0 ? k + of : k)*(w->n/of); }}
"""
_LEAF = {
    "dft": "value c = {w->cosine[p], -w->sine[p]}; sum = plus(sum, times(c, x[j]));",
    "idft": "value c = {w->cosine[p], w->sine[p]}; sum = plus(sum, times(c, x[j]));",
    "dht": "sum += (w->cosine[p] + w->sine[p])*x[j];",
    "wht": "long b = k & j; int s = 0; while (b) { s ^= 1; b &= b - 1; } (void)p; sum += s ? -x[j] : x[j];",
}
_TAIL = """
/* A plan for one n: the table and the work space, which serve one call at a time; 0 where n is no power of {base}, or
   without memory. */
void *{function}_plan(long n)
{{
    long m = n > 0 ? n : 0;
    while (m > 1 && m % {base} == 0) m /= {base};
    if (m != 1) return 0;
    plan *p = malloc(sizeof(plan));
    if (!p) return 0;
    p->w.n = n;
    p->w.cosine = malloc(n*sizeof(double));
    p->w.sine = malloc(n*sizeof(double));
    p->work = malloc({room}*n*sizeof(value));
    if (!p->w.cosine || !p->w.sine || !p->work) {{ {function}_free(p); return 0; }}
    for (long k = 0; k < n; k++) {{
        p->w.cosine[k] = cos(6.283185307179586476925286766559*k/n);
        p->w.sine[k] = sin(6.283185307179586476925286766559*k/n);
    }}
    return p;
}}

/* y = transform of x, n values each{pairs}. */
void {function}_run(void *made, const double *x, double *y)
{{
    plan *p = made;
    run(p->w.n, (const value *)x, (value *)y, p->work, &p->w);
}}

void {function}_free(void *made)
{{
    plan *p = made;
    if (p) {{ free(p->w.cosine); free(p->w.sine); free(p->work); }}
    free(p);
}}

/* The same with a plan for this call alone; 0, or 1 where there is none. */
int {function}(long n, const double *x, double *y)
{{
    void *p = {function}_plan(n);
    if (p) {function}_run(p, x, y);
    {function}_free(p);
    return !p;
}}
"""


def c_source(scheme: Scheme, leaves: Mapping[int, Program] | None = None, function: str = "") -> str:
    """The text of a C file with ``int NAME(long n, const double *x, double *y)``, and the same for many calls.

    ``void *NAME_plan(long n)`` makes table and work space, ``NAME_run(plan, x, y)`` transforms, ``NAME_free(plan)``
    gives the memory back.

    leaves: programs that compute their sizes instead of the scheme, such as records.

    Raises UsageError for a name that is none, and for a primitive that has no C.
    """
    family, solution = scheme.family, solve(scheme)
    called, programs = checked_name(function or family.transform), dict(sorted((leaves or {}).items()))
    head = _HEAD.format(
        title=family.title,
        function=called,
        recurrence=solution.recurrence,
        closed=f" = {solution.closed}" if solution.closed else "",
        scheme="\n".join(f"   {line}" for line in format_scheme(scheme).splitlines()),
        kind=(_COMPLEX if family.field == "complex" else _REAL).replace("{{", "{").replace("}}", "}"),
    )
    parts = [head, *(_program(n, program, family.field) for n, program in programs.items()), _leaf(scheme)]
    parts.append(_run(scheme, list(programs)))
    room = (len(scheme.steps) + 1) * 2
    pairs = ", a complex one as two doubles" if family.field == "complex" else ""
    parts.append(_TAIL.format(function=called, base=family.base, room=room, pairs=pairs))
    return "\n".join(parts)


def _leaf(scheme: Scheme) -> str:
    zero = "{0, 0}" if scheme.family.field == "complex" else "0"
    return f"""static void leaf(long n, const value *x, value *y, const table *w)
{{
    for (long k = 0; k < n; k++) {{
        value sum = {zero};
        for (long j = 0; j < n; j++) {{ long p = place(w, k*j, n); {_LEAF[scheme.family.transform]} }}
        y[k] = sum;
    }}
}}
"""


def _program(n: int, program: Program, field: str) -> str:
    """A straight-line program as a function; a scale of a value that several sums use is computed once."""
    lines, scales = [], dict[tuple[float, int], str]()
    names = [f"x[{k}]" for k in range(program.inputs)]
    zero = "{0, 0}" if field == "complex" else "0"
    for number, row in enumerate(program.rows()):
        words = []
        for size, turn, ref in row:
            word = names[ref]
            if size != 1.0:
                if (size, ref) not in scales:
                    scales[size, ref] = f"s{len(scales)}"
                    lines.append(f"    value {scales[size, ref]} = scaled({size!r}, {word});")
                word = scales[size, ref]
            words.append(f"turned({turn}, {word})" if turn else word)
        total = words[0] if words else ""
        for word in words[1:]:
            total = f"plus({total}, {word})"
        lines.append(f"    value v{number} = {total or zero};")
        names.append(f"v{number}")
    out = [f"    y[{k}] = v{ref};" for k, ref in enumerate(program.outputs.tolist())]
    body = "\n".join(lines + out)
    return f"static void leaf{n}(const value *x, value *y)\n{{\n{body}\n}}\n"


def _run(scheme: Scheme, sizes: list[int]) -> str:
    """The recursion."""
    prime = scheme.family.prime
    lines = [f"    if (n == {n}) {{ leaf{n}(x, y); return; }}" for n in sizes]
    lines.append(f"    if (n < {prime**scheme.depth}) {{ leaf(n, x, y, w); return; }}")
    last = len(scheme.steps)
    for k, level in enumerate(scheme.levels[1:-1], 1):
        lines.append(f"    value *t{k} = work; work += n/{prime**level};")
    for k, step in enumerate(scheme.steps, 1):
        target = "y" if k == last else f"t{k}"
        lines.append(_statement(scheme, step, scheme.levels[k], target))
    body = "\n".join(lines)
    return f"static void run(long n, const value *x, value *y, value *work, const table *w)\n{{\n{body}\n}}\n"


def _statement(scheme: Scheme, step: Step, level: int, target: str) -> str:
    """The loop of one step."""
    prime, form = scheme.family.prime, step.form
    length = f"n/{prime**level}"
    words = [(f"t{ref}" if ref else "x", turn) for ref, turn in step.arguments]

    def entry(k: int, index: str) -> str:
        vector, turn = words[k]
        return f"turned({turn}, {vector}[{index}])" if turn else f"{vector}[{index}]"

    if form.name == CALL:
        call = f"    run({length}, {words[0][0]}, {target}, work, w);"
        turn = words[0][1]
        again = f"    for (long i = 0; i < {length}; i++) {target}[i] = turned({turn}, {target}[i]);"
        return f"{call}\n{again}" if turn else call
    loop = f"    for (long i = 0; i < {length}; i++) "
    if form.name == SUM:
        return f"{loop}{target}[i] = plus({entry(0, 'i')}, {entry(1, 'i')});"
    primitive = scheme.primitive(step)
    assert primitive is not None
    radix, k, of = prime**form.levels, form.k, form.of or 1
    around = (
        f"    for (long i = 0, p = 0, d = place(w, {k}, n); i < {length}; i++, p += d - (p + d < w->n ? 0 : w->n)) "
    )
    match primitive.symbol:
        case "stride":
            return f"{loop}{target}[i] = {entry(0, f'{radix}*i + {k}')};"
        case "block":
            return f"{loop}{target}[i] = {entry(0, f'i + {k}*({length})')};"
        case "concatenate":
            part = f"({length})/{radix}"
            loops = (f"{target}[i + {q}*({part})] = {entry(q, 'i')};" for q in range(radix))
            return f"    for (long i = 0; i < {part}; i++) {{ {' '.join(loops)} }}"
        case "interleave":
            loops = (f"{target}[{radix}*i + {q}] = {entry(q, 'i')};" for q in range(radix))
            return f"    for (long i = 0; i < ({length})/{radix}; i++) {{ {' '.join(loops)} }}"
        case "twiddle":
            root = f"value c = {{w->cosine[p], -w->sine[p]}}; {target}[i] = times(c, {entry(0, 'i')});"
            return f"{around}{{ {root} }}"
        case "cosine" | "sine":
            return f"{around}{target}[i] = scaled(w->{primitive.symbol}[p], {entry(0, 'i')});"
        case "root":
            angle = f"6.283185307179586476925286766559*{k}/{of}"
            return f"{loop}{{ value c = {{cos({angle}), -sin({angle})}}; {target}[i] = times(c, {entry(0, 'i')}); }}"
        case "constant":
            return f"{loop}{target}[i] = scaled(cos(6.283185307179586476925286766559*{k}/{of}), {entry(0, 'i')});"
        case "reverse":
            return f"{loop}{target}[i] = {entry(0, f'i ? {length} - i : 0')};"
        case "shift":
            return f"{loop}{target}[i] = {entry(0, f'(i + {length} + {k}) % ({length})')};"
    raise UsageError(f"the vector primitive {primitive.name!r} has no C")
