"""Plans of :mod:`gp_fft.program.running` run compiled: one kernel reads the steps and applies them to blocks of rows.

A block is so many rows that a plane of a slot takes ``PLANE`` bytes: few enough for the first-level cache, and a loop
over them has a length known to the compiler, which unrolls it into vector operations. Rows are turned into planes and
back in tiles of four by four, and while one block is computed the memory of the next is called for. The numbers are
those of numpy's plan to the last bit: the same operations in the same order, no product fused into a sum.

The kernel is compiled once for each of float32 and float64, in about a second, and kept on disk. To load it from there
takes up to half a second, nearly all of it Numba's own, which the DFT of 8 points regains in some 150 batches of 100000
rows: hence one large batch alone is left to numpy, and a process that comes with a second one is taken to call often.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from gp_fft.program.running import Plan, Step

VECTOR = 64
"""Bytes of one vector operation, which is a line of the cache; processors with shorter vectors take several."""
PLANE = 7 * VECTOR
"""Bytes of one plane: an odd number of lines, so that planes spread over all sets of the cache."""
TILE = 4
CHUNK = 64  # blocks of one call, between which Ctrl-C is heard; what must be copied is copied in as many

CODE = np.dtype([(name, np.int64) for name in ("operation", "a", "b", "out", "planes")], align=True)
OPERATIONS = ("add", "subtract", "multiply", "negative", "copy", "zero")
ADD, SUBTRACT, MULTIPLY, NEGATIVE, COPY, ZERO = range(len(OPERATIONS))


def _base(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """The address of the first number of an array."""
    return context.make_array(kind)(context, builder, array).data


def _vector(builder: Any, number: Any, base: Any, index: Any, length: int) -> Any:
    """The address of ``length`` numbers from ``base[index]`` on, as a vector."""
    return builder.bitcast(builder.gep(base, [index]), ir.VectorType(number, length).as_pointer())


def _plane_operation(formula: Callable[[Any, Any, Any, Any], Any]) -> Any:
    """A function ``(slots, a, b, out, size)`` for kernels that applies ``formula`` to one plane of each slot."""

    def operation(_, slots, a, b, out, size):
        def generate(context, builder, signature, arguments):
            kind = signature.args[0]
            number, length = context.get_data_type(kind.dtype), VECTOR * 8 // kind.dtype.bitwidth
            base = _base(context, builder, kind, arguments[0])
            a, b, out = (_vector(builder, number, base, index, length) for index in arguments[1:4])
            sizes = ir.Constant(ir.VectorType(number, length), ir.Undefined)
            for lane in range(length):
                sizes = builder.insert_element(sizes, arguments[4], ir.Constant(ir.IntType(32), lane))
            for k in range(PLANE // VECTOR):
                here = [builder.gep(pointer, [ir.Constant(ir.IntType(32), k)]) for pointer in (a, b, out)]
                left, right = (builder.load(pointer, align=VECTOR) for pointer in here[:2])
                builder.store(formula(builder, left, right, sizes), here[2], align=VECTOR)
            return context.get_dummy_value()

        return types.void(slots, types.intp, types.intp, types.intp, slots.dtype), generate

    return intrinsic(operation)


_add = _plane_operation(lambda builder, a, b, _: builder.fadd(a, b))
_subtract = _plane_operation(lambda builder, a, b, _: builder.fsub(a, b))
_multiply = _plane_operation(lambda builder, a, _, size: builder.fmul(a, size))
_negative = _plane_operation(lambda builder, a, *_: builder.fneg(a))
_copy = _plane_operation(lambda _, a, *__: a)
_zero = _plane_operation(lambda _, a, *__: ir.Constant(a.type, None))


def _tile(_, source, begin, step, target, to, target_step):
    """Copy a tile: number (r, c) from ``source[begin + r step + c]`` to ``target[to + c target_step + r]``."""

    def generate(context, builder, signature, arguments):
        kind = signature.args[0].dtype
        number, align = context.get_data_type(kind), kind.bitwidth // 8
        source, target = (_base(context, builder, signature.args[k], arguments[k]) for k in (0, 3))

        def pick(pair, places):
            return builder.shuffle_vector(*pair, ir.Constant(ir.VectorType(ir.IntType(32), TILE), places))

        index, rows = arguments[1], []
        for _ in range(TILE):
            rows.append(builder.load(_vector(builder, number, source, index, TILE), align=align))
            index = builder.add(index, arguments[2])
        even = [pick(rows[k : k + 2], (0, 4, 2, 6)) for k in (0, 2)]
        odd = [pick(rows[k : k + 2], (1, 5, 3, 7)) for k in (0, 2)]
        index = arguments[4]
        for pair, places in ((even, (0, 1, 4, 5)), (odd, (0, 1, 4, 5)), (even, (2, 3, 6, 7)), (odd, (2, 3, 6, 7))):
            builder.store(pick(pair, places), _vector(builder, number, target, index, TILE), align=align)
            index = builder.add(index, arguments[5])
        return context.get_dummy_value()

    return types.void(source, types.intp, types.intp, target, types.intp, types.intp), generate


_turn_tile: Any = intrinsic(_tile)


def _prefetch(writing: int) -> Any:
    """A function ``(array, index)`` for kernels that calls for a line of memory, which may lie beyond the end."""

    def prefetch(_, array, index):
        def generate(context, builder, signature, arguments):
            word, byte = ir.IntType(32), ir.IntType(8).as_pointer()
            kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
            call = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
            address = builder.gep(_base(context, builder, signature.args[0], arguments[0]), [arguments[1]])
            builder.call(call, [builder.bitcast(address, byte), word(writing), word(2), word(1)])
            return context.get_dummy_value()

        return types.void(array, types.intp), generate

    return intrinsic(prefetch)


_expect_to_read, _expect_to_write = _prefetch(0), _prefetch(1)


def _interpret(code, sizes, slots, x, result):
    """Run coded steps on ``x`` ``(batch, columns of the inputs)`` real, at least a block; fills ``result`` likewise.

    A last block that is not full begins so much earlier, and so do the last tiles of a row: what is done twice
    comes out the same.
    """
    block = PLANE // slots.itemsize
    line = VECTOR // slots.itemsize
    batch, wide = x.shape
    narrow = result.shape[1]
    x, result = x.reshape(-1), result.reshape(-1)
    written = slots.shape[0] - narrow * block
    reads = (block * wide // line // code.shape[0] + 1) * line
    writes = (block * narrow // line // code.shape[0] + 1) * line
    for begin in range(0, batch, block):
        here = min(begin, batch - block)
        for row in range(0, block, TILE):
            for column in range(0, wide, TILE):
                first = min(column, wide - TILE)
                _turn_tile(x, (here + row) * wide + first, wide, slots, first * block + row, block)
        next_read = min(begin + block, batch - block) * wide
        next_write = here * narrow
        for k in range(code.shape[0]):
            for _ in range(0, reads, line):
                _expect_to_read(x, next_read)
                next_read += line
            for _ in range(0, writes, line):
                _expect_to_write(result, next_write)
                next_write += line
            step, size = code[k], sizes[k]
            for plane in range(0, step.planes * block, block):
                a, b, out = step.a * block + plane, step.b * block + plane, step.out * block + plane
                if step.operation == ADD:
                    _add(slots, a, b, out, size)
                elif step.operation == SUBTRACT:
                    _subtract(slots, a, b, out, size)
                elif step.operation == MULTIPLY:
                    _multiply(slots, a, b, out, size)
                elif step.operation == NEGATIVE:
                    _negative(slots, a, b, out, size)
                elif step.operation == COPY:
                    _copy(slots, a, b, out, size)
                elif step.operation == ZERO:
                    _zero(slots, a, b, out, size)
        for row in range(0, block, TILE):
            for column in range(0, narrow, TILE):
                first = min(column, narrow - TILE)
                _turn_tile(slots, written + first * block + row, block, result, (here + row) * narrow + first, narrow)


def _compiled() -> Any:
    """The kernel, or None with NUMBA_DISABLE_JIT or without a folder to keep it in: then numpy is faster."""
    try:
        kernel = njit(cache=True, error_model="numpy")(_interpret)
    except RuntimeError:  # Numba found no folder to write to
        return None
    return None if kernel is _interpret else kernel


_kernel = _compiled()


def _coded(step: Step, planes: int) -> tuple[int, int, int, int, int]:
    """A step as numbers; slots are numbered plane by plane."""
    a, b, out = (slot * planes for slot in (step.a, step.b, step.out))
    operation = OPERATIONS.index(step.operation)
    if step.planes is None:
        return operation, a, b, out, planes
    return operation, a + step.planes[0], b + step.planes[1], out + step.planes[2], 1


def _slots(plan: Plan, planes: int, real: np.dtype[Any]) -> NDArray[Any]:
    """Zeros for all planes of all slots, beginning with a line of the cache."""
    memory = np.zeros(plan.slots * planes * PLANE + VECTOR, np.uint8)
    begin = -memory.ctypes.data % VECTOR
    return memory[begin : begin + plan.slots * planes * PLANE].view(real)


def run(plan: Plan, x: NDArray[Any], result: NDArray[Any]) -> bool:
    """Do what :func:`gp_fft.program.running.run` does, to the bit; False, with anything in ``result``, if it cannot.

    ``x`` ``(batch, inputs)`` of any type and layout, ``result`` ``(batch, outputs)`` C-contiguous. It takes at least a
    block of rows, and inputs and outputs of four real numbers.
    """
    real = result.real.dtype
    planes = 1 if result.dtype == real else 2
    block = PLANE // real.itemsize
    batch = len(result)
    if _kernel is None or batch < block or min(plan.inputs, plan.outputs) * planes < TILE:
        return False
    code = np.array([_coded(step, planes) for step in plan.steps], CODE)
    sizes = np.array([step.size for step in plan.steps], real)
    slots = _slots(plan, planes, real)
    chunk = min(batch, CHUNK * block)
    try:
        for begin in range(0, batch, chunk):
            first = min(begin, batch - chunk)
            rows = np.require(x[first : first + chunk], result.dtype, ("C", "A")).view(real)
            rows.flags.writeable = False  # as some are given; the kernel is compiled for one kind
            _kernel(code, sizes, slots, rows, result[first : first + chunk].view(real))
    except OSError:  # the folder for compiled code is full or was taken away
        return False
    return True
