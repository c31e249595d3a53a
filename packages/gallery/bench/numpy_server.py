"""Scans a matrix of unit vectors with numpy: a probe (float32, as bytes) comes in, the milliseconds it took go out."""

import sys
import time

import numpy

size, dimension = int(sys.argv[2]), int(sys.argv[3])
rows = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(size, dimension)
print(numpy.__version__, flush=True)
while probe := sys.stdin.buffer.read(4 * dimension):
    vector = numpy.frombuffer(probe, dtype=numpy.float32)
    began = time.perf_counter()
    scores = rows @ vector
    best = numpy.argpartition(scores, size - 2)[size - 2 :]
    print((time.perf_counter() - began) * 1000, flush=True)
