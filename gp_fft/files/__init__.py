"""Program files and what stands in them: strict readers and writers, the records at hand, which program is best."""

from gp_fft.files.program_files import (
    LIMIT_FILE,
    ProgramFile,
    decode,
    describe,
    encode,
    encode_program,
    from_text,
    load,
    parse,
    save,
)

__all__ = [
    "LIMIT_FILE",
    "ProgramFile",
    "decode",
    "describe",
    "encode",
    "encode_program",
    "from_text",
    "load",
    "parse",
    "save",
]
