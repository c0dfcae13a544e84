"""Counter-based random numbers, named by concern and entity: a draw belongs to someone, not to the order of asking.

Philox 4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", table 2). key = (first 64 bits of
BLAKE2b(seed, concern), replication), counter = (entity, block, 0, 0), four draws a block, u = (x >> 11) 2^-53. The
block's index has a meaning (a day, a visit), never "calls so far", so two policies share their luck and adding a
concern or an entity changes no other draw.
"""

from hashlib import blake2b

import numpy as np
from scipy.special import ndtri

from sim.numerics.jit import njit

M0 = np.uint64(0xD2E7470EE14C6C93)
M1 = np.uint64(0xCA5A826395121157)
W0 = np.uint64(0x9E3779B97F4A7C15)
W1 = np.uint64(0xBB67AE8584CAA73B)
LOW32 = np.uint64(0xFFFFFFFF)
SHIFT32 = np.uint64(32)
SHIFT11 = np.uint64(11)
LANES = 4


@njit
def mulhilo(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """High and low 64 bits of a*b, by 32-bit halves."""
    a_low, a_high = a & LOW32, a >> SHIFT32
    b_low, b_high = b & LOW32, b >> SHIFT32
    low = a_low * b_low
    middle = a_high * b_low + (low >> SHIFT32)
    cross = a_low * b_high + (middle & LOW32)
    return a_high * b_high + (middle >> SHIFT32) + (cross >> SHIFT32), a * b


@njit
def philox(entity: np.uint64, block: np.uint64, key0: np.uint64, key1: np.uint64, out: np.ndarray) -> None:
    """Ten rounds on counter (entity, block, 0, 0); the four words go into `out (4,) uint64`."""
    x0, x1, x2, x3 = entity, block, np.uint64(0), np.uint64(0)
    for _ in range(10):
        high0, low0 = mulhilo(M0, x0)
        high1, low1 = mulhilo(M1, x2)
        x0, x1, x2, x3 = high1 ^ x1 ^ key0, low1, high0 ^ x3 ^ key1, low0
        key0 += W0
        key1 += W1
    out[0], out[1], out[2], out[3] = x0, x1, x2, x3


@njit
def fill_uniform(entities: np.ndarray, block: np.uint64, key0: np.uint64, key1: np.uint64, out: np.ndarray) -> None:
    """`out (n, 4) float64` gets the four draws in [0, 1) of each of `entities (n,) uint64`."""
    words = np.empty(4, np.uint64)
    for i in range(entities.size):
        philox(entities[i], block, key0, key1, words)
        for lane in range(4):
            out[i, lane] = np.float64(words[lane] >> SHIFT11) * 2.0**-53


class Streams:
    """All luck of one replication: `streams.uniform("warning.sms", ids)`."""

    def __init__(self, seed: int, replication: int) -> None:
        """Draws depend on these two, the concern, the entity and the block, and on nothing else."""
        self.seed, self.replication = seed, replication

    def key(self, concern: str) -> tuple[np.uint64, np.uint64]:
        """Philox key of a concern: 64 bits of BLAKE2b over seed and name, and the replication."""
        digest = blake2b(f"{self.seed}/{concern}".encode(), digest_size=8).digest()
        return np.uint64(int.from_bytes(digest, "little")), np.uint64(self.replication)

    def block(self, concern: str, entities: np.ndarray | int, block: int = 0) -> np.ndarray:
        """(n, 4) float64 uniforms in [0, 1): n entities (their ids, or a number meaning 0..n-1), four draws each."""
        ids = np.arange(entities, dtype=np.uint64) if isinstance(entities, int) else np.asarray(entities).astype(np.uint64)
        out = np.empty((ids.size, LANES))
        fill_uniform(ids, np.uint64(block), *self.key(concern), out)
        return out

    def uniform(self, concern: str, entities: np.ndarray | int, block: int = 0, lane: int = 0) -> np.ndarray:
        """(n,) float64 in [0, 1)."""
        return self.block(concern, entities, block)[:, lane]

    def normal(self, concern: str, entities: np.ndarray | int, block: int = 0, lane: int = 0) -> np.ndarray:
        """(n,) standard normals by inverse CDF; u = 0 is moved to 2^-54 so that no draw is infinite."""
        return ndtri(np.maximum(self.uniform(concern, entities, block, lane), 2.0**-54))

    def exponential(self, concern: str, entities: np.ndarray | int, block: int = 0, lane: int = 0) -> np.ndarray:
        """(n,) unit exponentials by inverse CDF."""
        return -np.log1p(-self.uniform(concern, entities, block, lane))
