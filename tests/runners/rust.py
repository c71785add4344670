"""The Rust module, compiled by rustc with warnings as errors, and called as f64 and f32 through its pipes."""

import subprocess

import numpy as np

from tests.runners.tools import needed

VARIANTS = [{}, {"fused": True}]
MAIN = """
mod code;
use std::io::{{Read, Write}};

fn main() {{
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let single = std::env::args().nth(1).as_deref() == Some("f32");
    let out = if single {{ of_f32(&bytes) }} else {{ of_wide(&bytes) }};
    std::io::stdout().write_all(&out).unwrap();
}}

fn of_wide(bytes: &[u8]) -> Vec<u8> {{
{wide}
}}

fn of_f32(bytes: &[u8]) -> Vec<u8> {{
{single}
}}
"""
BODY = """    let chunks = bytes.chunks_exact({size});
    let numbers: Vec<{kind}> = chunks.map(|c| {kind}::from_le_bytes(c.try_into().unwrap())).collect();
    let mut x = Vec::new();
    for vector in numbers.chunks_exact({width}) {{
        let mut row = [{zero}; {inputs}];
        for j in 0..{inputs} {{
            row[j] = {element};
        }}
        x.push(row);
    }}
    let mut y = vec![[{zero}; {outputs}]; x.len()];
    code::{function}_batch(&x, &mut y);
    y.iter().flatten(){flat}.flat_map(|v| v.to_le_bytes()).collect()"""


def body(kind, file, function):
    pairs = file.program.field == "complex"
    size = 4 if kind == "f32" else 8
    nothing = "0" if kind == "u64" else "0.0"
    return BODY.format(
        kind=kind,
        size=size,
        width=file.program.inputs * (1 + pairs),
        inputs=file.program.inputs,
        outputs=len(file.program.outputs),
        zero=f"[{nothing}; 2]" if pairs else nothing,
        element="[vector[2 * j], vector[2 * j + 1]]" if pairs else "vector[j]",
        flat=".flatten()" if pairs else "",
        function=function,
    )


def run(text, function, file, x, folder, **options):
    rustc = needed("rustc")
    bits = file.program.field == "gf2"
    (folder / "code.rs").write_text(text)
    wide = body("u64" if bits else "f64", file, function)
    single = "    bytes.to_vec()" if bits else body("f32", file, function)
    (folder / "main.rs").write_text(MAIN.format(wide=wide, single=single))
    command = [rustc, "--edition", "2021", "-D", "warnings", "-O", "main.rs", "-o", "main"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "unsafe " not in text
    out = call(folder, x, "wide")
    if not bits:
        small = np.complex64 if x.dtype.kind == "c" else np.float32
        close = call(folder, x.astype(small), "f32")
        assert close.dtype == small
        np.testing.assert_allclose(close, out, rtol=0, atol=2e-6 * np.abs(out).max())
    return out


def call(folder, x, kind):
    done = subprocess.run([folder / "main", kind], input=x.tobytes(), capture_output=True, check=True)
    return np.frombuffer(done.stdout, x.dtype).reshape(len(x), -1)
