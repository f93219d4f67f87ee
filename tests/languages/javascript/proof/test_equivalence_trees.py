"""What is proven to be the same program is read alike by an engine's parser, whatever chance makes of a text."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from support.javascript_breaks import BREAKS, broken
from support.node import NODE, Pair, verdicts

from codetune_git.domain import Verification
from codetune_git.languages.javascript.grammars import GRAMMAR
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.text.source import Source

TEXT = b"""\
'use strict'
const { a: a, b = 1, ...rest } = require('there')
let i = 0, last
var open = function (door, key = null) {
  if (door && (key || door['open'])) return walk(door.front, `${key} ${door}`, [door, key,])
  else { if (i) last = i }
  for (let i = 0, n = door.length; i < n; i++) knock(door, i)
  for (const each of (door, key)) { each() }
  do { i++ } while (i < 3)
  return (
    door.left &&
    door.right
  )
}
;(function () { i = (a, b) })()
;[1, , 2].forEach((one) => { return { one } })
class House extends (a || b) {
  static rooms = []
  get front() { return this.door?.front ?? (a || b) }
  *[Symbol.iterator]() { yield this; yield* (rest) }
  async close(x) { await (x); return -(x ** 2) }
}
label: while (true) {
  switch (typeof a) {
    case 'string': break label
    default: continue
  }
}
const close = async door => { return (await door)(door) }
i
++last
new House
x = a ? (b, i) : (y => y)(last) // why
/re/g.test(x) || !(a in b) && delete a.b
"""


def test_the_parser_tells_programs_apart() -> None:
    if NODE is None:
        pytest.skip("no node on this machine")
    pairs = [Pair(b"a\n(b)", b"a;(b)"), Pair(b"a;b", b"a\nb"), Pair(b"a;", b"function () {}()"), Pair(b"(", b"a")]
    assert verdicts(pairs) == ["other", "same", "broken", "unread"]


def test_what_is_proven_is_read_alike() -> None:
    if NODE is None:
        pytest.skip("no node on this machine")
    rng, proven = random.Random(0), Counter[str]()
    source = Source.parse(TEXT, GRAMMAR)
    assert not source.has_error
    pairs = []
    for _ in range(500):
        name, text = broken(source, rng)
        proof = JAVASCRIPT.verify(TEXT, text)
        if proof is not None and proof.verification is Verification.SAFE:
            proven[name] += 1
            pairs.append(Pair(TEXT, text))
    assert [pair.difference() for pair, said in zip(pairs, verdicts(pairs), strict=True) if said != "same"] == []
    assert len(proven) >= len(BREAKS) - 3, proven
