"""Whether an Ed25519 signature holds (RFC 8032, section 5.1), with nothing but whole numbers."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

P = 2**255 - 19  # the field; L is the order of the group, D the curve's constant
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Any) -> Any:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _point(data: bytes) -> Any:
    """The point that 32 bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - squared) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of 64 bytes is that of a public key of 32 bytes over the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, s = _point(key), int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    x, y, z, _ = _add(_times(s, base), _times(k, (P - a[0], a[1], 1, P - a[3])))
    over = pow(z, P - 2, P)
    encoded: bytes = (y * over % P | (x * over % P & 1) << 255).to_bytes(32, "little")
    return encoded == signature[:32]


def pem_of(key: str) -> bytes:
    """A public key in the form that openssl reads."""
    body = base64.b64encode(bytes.fromhex("302a300506032b6570032100" + key)).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n".encode()
