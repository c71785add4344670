"""Operations from life: the vector instructions in the object code of a program, counted from its disassembly.

Of the layout ``split``, where every operation is on real numbers, as many are additions, multiplications and fused ones
as the program is said to have, unless the compiler is allowed to fuse: then they are fewer, and how many is known only
here. Moves, shuffles and address arithmetic are not counted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from gp_fft.export import compiler
from gp_fft.export.c.file import COptions, write
from gp_fft.export.compiled import C_TYPES, DTYPES, EXACT_FLAGS, FUSED_FLAGS
from gp_fft.export.target import Bare
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program

_REGISTERS = {16: "xmm", 32: "ymm", 64: "zmm"}
_KINDS = {"adds": r"v?(add|sub)p[ds]", "muls": r"v?mulp[ds]", "fma": r"vfn?m(add|sub)(132|213|231)?p[ds]",
          "shuffles": r"v?(perm|shuf|unpck|blend|insert|extract)\w*"}  # fmt: skip


@dataclass(frozen=True)
class Instructions:
    """Vector instructions of one turn of the loop: each does its operation on as many vectors as have room."""

    adds: int
    muls: int
    fma: int
    shuffles: int
    moves: int  # loads, stores and copies of whole vectors, spills among them

    @property
    def arithmetic(self) -> int:
        """Additions, multiplications and fused ones."""
        return self.adds + self.muls + self.fma


def instructions(program: Program, layout: str = "split", exact: bool = True) -> Instructions:
    """The vector instructions of a program in double precision, as it is compiled on this machine for a layout.

    Args:
        program: on complex or real data.
        layout: of the target ``c``: interleaved, split or columns.
        exact: without fusing products into sums.

    Raises :class:`UsageError` for bits, and :class:`DataError` where there is no compiler or no ``objdump``.
    """
    if program.field == "gf2":
        raise UsageError("vector instructions are counted of programs on complex or real data, not on gf2 data")
    if shutil.which("objdump") is None:
        raise DataError("instructions are counted from a disassembly, but objdump is not on the PATH")
    found = compiler.find()
    number = C_TYPES[DTYPES[program.field][0]]
    lanes = found.wide // 8
    options = COptions(layout=layout, dtype=number, lanes=lanes, fused=not exact)
    text = write(Bare(program, "counted"), options)
    place = found.library(text, EXACT_FLAGS if exact else FUSED_FLAGS)
    done = subprocess.run(["objdump", "-d", "--no-show-raw-insn", str(place)], capture_output=True, text=True,
                          check=True)  # fmt: skip
    wide = [line for line in done.stdout.splitlines() if _REGISTERS[found.wide] in line]
    names = [line.split("\t")[1].split()[0] for line in wide if "\t" in line]
    counts = {kind: sum(re.fullmatch(pattern, name) is not None for name in names) for kind, pattern in _KINDS.items()}
    return Instructions(**counts, moves=sum(name.startswith(("vmov", "mov")) for name in names))
