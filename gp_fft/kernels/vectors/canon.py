"""The canonical form of a scheme: what is never asked for is gone, and what is the same is one row.

Value numbering (Cocke and Schwartz, 1970). Arguments of a sum stand in order, turns are pulled out of what is linear,
parts that are put together and taken apart again cancel; so calls that only look different are counted once.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.vectors.layout import (
    BLOCK,
    CALL,
    CONCATENATE,
    INTERLEAVE,
    PER_TREE,
    PRIME,
    STEP,
    STRIDE,
    SUM,
    TWIDDLE,
    WIDTH,
)


@njit(**INNER)
def copy_rows(source, target, count):
    """Copy so many rows."""
    for i in range(count):
        for p in range(WIDTH):
            target[i, p] = np.int64(source[i, p])


@njit(**INNER)
def find_form(action, span, number, forms):
    """The form of an action with this span and number, or -1."""
    for form in range(len(forms.action)):
        if forms.action[form] == action and forms.span[form] == span and forms.number[form] == number:
            return form
    return -1


@njit(**INNER)
def power(base, exponent):
    """A power of whole numbers."""
    result = 1
    for _ in range(exponent):
        result *= base
    return result


@njit(**INNER)
def put(book, forms):
    """The row of the book that is what stands behind its last one, which is kept if it is new."""
    rows, count = book.rows, book.length[0]
    for p in range(1 + 2 * forms.arity[rows[count, 0]], WIDTH):
        rows[count, p] = 0  # of a row that stood here before
    for i in range(1, count):
        if rows[i, 0] == rows[count, 0]:
            same = True
            for p in range(1, 1 + 2 * forms.arity[rows[i, 0]]):
                same &= rows[i, p] == rows[count, p]
            if same:
                return i
    book.level[count] = book.level[rows[count, 1]] + forms.change[rows[count, 0]]
    if count + 1 < len(rows):
        book.length[0] += 1
    else:
        book.failed[0] = 1  # no room
    return count


@njit(**INNER)
def put_sum(book, a, s, b, t, forms):
    """The row of ``i**s a + i**t b`` and the turn with which it is that."""
    if b < a or (a == b and t < s):
        a, s, b, t = b, t, a, s
    row = book.rows[book.length[0]]
    row[0], row[1], row[2], row[3], row[4] = 1, a, 0, b, (t - s) % 4
    return put(book, forms), s


@njit(**INNER)
def put_one(book, form, a, turn, forms):
    """The row of a form of one argument, and its turn; what cancels is cancelled."""
    rows = book.rows
    while True:
        action, span, number, below = forms.action[form], forms.span[form], forms.number[form], rows[a, 0]
        under, inner = forms.action[below] if a > 0 else 0, forms.span[below]
        takes = action in (STRIDE, BLOCK)
        if takes and under == (INTERLEAVE if action == STRIDE else CONCATENATE) and inner <= span:
            outer = power(forms.limits[PRIME], inner)
            rest = power(forms.limits[PRIME], span - inner)
            part = number % outer if action == STRIDE else number // rest
            number = number // outer if action == STRIDE else number % rest
            turn, a = (turn + rows[a, 2 + 2 * part]) % 4, rows[a, 1 + 2 * part]
            if inner == span:
                return a, turn
            form = find_form(action, span - inner, number, forms)
            if form < 0:
                book.failed[0] = 1
                return a, turn
            continue
        merged = -1
        if takes and under == action:
            other = forms.number[below]
            if action == STRIDE:
                number = power(forms.limits[PRIME], inner) * number + other
            else:
                number = other * power(forms.limits[PRIME], span) + number
            merged = find_form(action, span + inner, number, forms)
        elif action == TWIDDLE and under == TWIDDLE:
            number += forms.number[below]
            if number == 0:
                return rows[a, 1], (turn + rows[a, 2]) % 4
            merged = find_form(action, 0, number, forms)
        if merged < 0:
            break
        form, turn, a = merged, (turn + rows[a, 2]) % 4, rows[a, 1]
    row = rows[book.length[0]]
    row[0], row[1], row[2] = form, a, 0
    return put(book, forms), turn


@njit(**INNER)
def put_join(book, form, refs, turns, forms):
    """The row of a form of several arguments, and its turn."""
    rows, arity = book.rows, forms.arity[form]
    whole, take = rows[refs[0], 1], STRIDE if forms.action[form] == INTERLEAVE else BLOCK
    same = True
    for p in range(arity):
        below = rows[refs[p], 0]
        same &= refs[p] > 0 and forms.action[below] == take and forms.span[below] == forms.span[form]
        same = same and forms.number[below] == p and rows[refs[p], 1] == whole and turns[p] == turns[0]
    if same:
        return whole, turns[0]
    row, turn = rows[book.length[0]], turns[0]
    row[0] = form
    for p in range(arity):
        row[1 + 2 * p], row[2 + 2 * p] = refs[p], (turns[p] - turn) % 4
    return put(book, forms), turn


@njit(**INNER)
def put_row(book, row, where, turned, forms):
    """The row of the book, and its turn, that is a row whose arguments stand in the book at ``where``."""
    form = row[0]
    if forms.kind[form] == SUM:
        a, b = row[1], row[3]
        return put_sum(book, where[a], (row[2] + turned[a]) % 4, where[b], (row[4] + turned[b]) % 4, forms)
    if forms.arity[form] == 1:
        return put_one(book, form, where[row[1]], (row[2] + turned[row[1]]) % 4, forms)
    for p in range(forms.arity[form]):
        a = row[1 + 2 * p]
        book.refs[p], book.turns[p] = where[a], (row[2 + 2 * p] + turned[a]) % 4
    return put_join(book, form, book.refs, book.turns, forms)


@njit(**INNER)
def mark(rows, root, needed, forms):
    """Mark what the root asks for."""
    for i in range(root):
        needed[i] = 0
    needed[root] = 1
    for i in range(root, 0, -1):
        if needed[i]:
            for p in range(forms.arity[rows[i, 0]]):
                needed[rows[i, 1 + 2 * p]] = 1


@njit(**INNER)
def begin(book):
    """An empty book: the input alone."""
    book.length[0], book.failed[0], book.level[0] = 1, 0, 0
    for p in range(WIDTH):
        book.rows[0, p] = 0
    book.where[0], book.turned[0] = 0, 0


@njit(**INNER)
def finish(book, root, turn, forms):
    """Put the turn of the root into its row, which stands last then."""
    rows = book.rows
    if root == 0 or book.failed[0]:
        book.failed[0] = 1
        return
    if turn != 0 or root != book.length[0] - 1:
        last = book.length[0]
        if root != last - 1:
            for p in range(WIDTH):
                rows[last, p] = rows[root, p]
            book.level[last] = book.level[root]
            book.length[0] += last + 1 < len(rows)
            root = last
        for p in range(forms.arity[rows[root, 0]]):
            rows[root, 2 + 2 * p] = (rows[root, 2 + 2 * p] + turn) % 4


@njit(**INNER)
def compact(rows, root, book, forms):
    """Write the canonical form of what row ``root`` computes into the book; ``failed`` says that it is nothing."""
    begin(book)
    mark(rows, root, book.needed, forms)
    for i in range(1, root + 1):
        if book.needed[i]:
            book.where[i], book.turned[i] = put_row(book, rows[i], book.where, book.turned, forms)
    finish(book, book.where[root], book.turned[root], forms)


@njit(**INNER)
def tidy(book, spare, forms):
    """Compact a book until nothing in it is left over; the spare one holds the old rows."""
    count = book.length[0]
    copy_rows(book.rows, spare.rows, count)
    compact(spare.rows, count - 1, book, forms)


@njit(**INNER)
def cost(rows, count, level, calls, totals, uses, forms, scores):
    """Operations at the largest member of the family that is priced, from the recurrence."""
    for down in range(len(calls)):
        calls[down] = 0
    deepest, per_tree = 0, forms.limits[PER_TREE]
    for i in range(count):
        uses[i] = 0 if per_tree else 1
    uses[count - 1] = 1
    for i in range(count - 1, 0, -1):
        deepest = max(deepest, level[i])
        calls[level[i]] += uses[i] * (forms.kind[rows[i, 0]] == CALL)
        for p in range(forms.arity[rows[i, 0]] if per_tree else 0):
            uses[rows[i, 1 + 2 * p]] += uses[i]
    step = forms.limits[STEP]
    for m in range(len(scores.leaf)):
        if m * step < deepest:
            totals[m] = scores.leaf[m]
            continue
        total = 0.0
        for i in range(1, count):
            total += uses[i] * scores.price[rows[i, 0], level[i], m]
        for down in range(step, deepest + 1, step):
            total += calls[down] * totals[m - down // step]
        totals[m] = total
    return totals[len(scores.leaf) - 1]
