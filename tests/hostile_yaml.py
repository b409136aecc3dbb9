"""Hostile YAML: one fault each with its place and a word of what is said of it, and files that explode."""

from __future__ import annotations

PLAIN = "branch: {name: 甲支部}\n"
ID_CARD = "110101199003074514"
ONE_THREAT = {
    "anchor": ("branch: {name: &a 甲支部}\n", (1, 16), "锚点"),
    "alias": (PLAIN + "members: *a\n", (2, 10), "别名"),
    "alias-for-text": ("branch: {name: *a }\n", (1, 16), "别名"),
    "merge-key": ("branch:\n  name: 甲支部\n  <<: {id: a}\n", (3, 3), "合并键"),
    "python-tag": ("branch: {name: !!python/name:os.system 甲支部}\n", (1, 16), "标签"),
    "local-tag": ("branch: {name: !foo 甲支部}\n", (1, 16), "标签"),
    "binary-tag": ("branch: {name: !!binary aGVsbG8=}\n", (1, 16), "标签"),
    "omap-tag": (PLAIN + "groups: !!omap [{id: g1}, {id: g1}]\n", (2, 9), "标签"),
    "yaml-directive": ("%YAML 1.1\n---\n" + PLAIN, (1, 1), "指令"),
    "tag-directive": ("%TAG ! tag:yaml.org,2002:python/\n---\n" + PLAIN, (1, 1), "指令"),
    "duplicate-key": ("branch:\n  name: 甲支部\n  id: a\n  id: b\n", (4, 3), "写了两次"),
    "duplicate-number-key": ("branch: {name: 甲支部}\nbranch: {name: 甲支部}\n", (2, 1), "写了两次"),
    "second-document": (PLAIN + "---\n" + PLAIN, (2, 1), "两份文档"),
    "empty": ("", (1, 1), "空的"),
    "only-comments": ("# 待填\n\n# 待填\n", (1, 1), "空的"),
    "null-document": ("---\n~\n", (1, 1), "空的"),
    "list-as-key": (PLAIN + "? [a, b]\n: 1\n", (2, 3), "键不是文字"),
    "mapping-as-key": (PLAIN + "? {a: 1}\n: 1\n", (2, 3), "键不是文字"),
    "alias-as-key": (PLAIN + "*a : 1\n", (2, 1), "别名"),
    "keys-in-keys": ("? " * 16, (1, 3), "键不是文字"),
    "nested-lists": (PLAIN + "members: " + "[" * 33 + "]" * 33 + "\n", (2, 41), "嵌套超过 32 层"),
    "nested-blocks": ("".join(" " * n + "a:\n" for n in range(40)), (33, 33), "嵌套超过 32 层"),
    "huge-text": ("branch: {name: " + "甲" * 65_537 + "}\n", (1, 16), "超过 65536 字"),
    "huge-integer": (PLAIN + "headcount: {formal: " + "9" * 4301 + "}\n", (2, 21), "不是人数"),
    "huge-hexadecimal": (PLAIN + "headcount: {formal: 0x" + "f" * 60_000 + "}\n", (2, 21), "不是人数"),
    "integer-of-underscores": (PLAIN + "headcount: {formal: 1" + "_" * 60_000 + "}\n", (2, 21), "不是人数"),
    "bell": (PLAIN + "coverage:\n  from: 2024-01-01\n  to: 2024-\x0712-31\n", (4, 12), "控制字符"),
    "nul-byte": (PLAIN + "# \0\n", (2, 3), "控制字符"),
    "c1-control": (PLAIN + "# \x9b31m\n", (2, 3), "控制字符"),
    "escaped-nul": ('branch: {name: "甲\\0"}\n', (1, 16), "控制字符"),
    "escaped-escape": ('branch: {name: "甲\\e[31m"}\n', (1, 16), "控制字符"),
    "surrogate": ('branch: {name: "甲\\ud800"}\n', (1, 20), "转义"),
}


def alias_bomb() -> str:
    rows = [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]", *rows]) + "\n"


def merge_bomb() -> str:
    return "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 24))


BOMBS = {
    "aliases.yaml": alias_bomb(),
    "merges.yaml": merge_bomb(),
    "lists.yaml": "[" * 100_000,
    "closed-lists.yaml": "[" * 100_000 + "]" * 100_000,
    "dashes.yaml": "- " * 100_000 + "x",
    "mappings.yaml": "{a: " * 100_000,
    "questions.yaml": "? " * 100_000,
    "blank-lines.yaml": "\n" * 1_000_000,
    "long-line.yaml": "x" * 1_900_000,
    "keys.yaml": PLAIN + "".join(f"k{n}: 1\n" for n in range(100_000)),
    "items.yaml": PLAIN + "members: [" + "1," * 300_000 + "]\n",
    "wide-colons.yaml": PLAIN + "".join(f"k{n}：1\n" for n in range(20_000)),
    "tabs.yaml": PLAIN + ("\t" * 500 + "a\n") * 2000,
}
