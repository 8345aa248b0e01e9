"""The page a parent reads: a function of the facts that are checked, so that it can be made again and compared."""

from __future__ import annotations

import html
from typing import Any

from portal.receipt.hashes import tree_of
from portal.receipt.said import (
    checkpoint_line,
    done,
    grouped,
    issued_as,
    newer_line,
    sign_offs,
    signature_of,
    when,
    who,
)

HOW = """Every entry above is sealed to the one before it, like pages sewn into a book, and every word to its entry.
The file check.py that came with this page works all the seals out again, without the internet.
In the folder where you unpacked the receipt, type: python3 -I check.py (on Windows: py -I check.py)
What is kept from you is there as a seal alone, and looks like a place where nothing was written."""
STYLE = """
body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{line-height:1.2}h2{border-top:3px solid #1c3048;padding-top:.5rem;margin-top:2.5rem}dt{font-weight:700}
dl{margin:0}dd{margin:0 0 .75rem}dt+dd p{margin-top:.15rem}
.item{border-left:3px solid #9aa5b1;padding-left:1rem;margin:1.25rem 0}
nav ul{list-style:none;padding:0}
.quiet{color:#4a5560}code{font-size:.9em}li{margin:.35rem 0}
@media print{body{max-width:none;padding:0}nav{display:none}h2,h3,dt{break-after:avoid}.item{break-inside:avoid}}
"""


def page(plan: dict[str, Any], entries: list[Any], checkpoint: dict[str, Any] | None) -> str:
    """The whole receipt as one page that needs nothing else."""
    shown = shown_items(plan)
    names = names_of(plan, shown)
    title = f"{plan['title']} for {plan['child']['name']}"
    made = f"Made for {plan['reader']} on {when(plan['made'], True)}."
    parts = [prose(title, "h1"), prose(f"{plan['authority_name']}. {plan['state']}.\n{made}")]
    parts.append(prose(newer_line(checkpoint, len(entries))))
    headings = {each["section"]: html.escape(f"{each['section']} {each['title']}") for each in plan["sections"]}
    links = (f'<li><a href="#{html.escape(each)}">{heading}</a></li>' for each, heading in headings.items())
    parts.append(f'<nav aria-label="Sections"><ul>{"".join(links)}</ul></nav>')
    for section in plan["sections"]:
        parts.append(f'<h2 id="{html.escape(section["section"])}">{headings[section["section"]]}</h2>')
        parts.append(section_of(plan, section, shown.get(section["section"], {}), names))
        given = (each for each in sign_offs(plan, entries) if each[0]["section"] == section["section"])
        parts += [prose(signature_of(plan, facts, stands)) for facts, stands in given]
    parts.append(prose("Versions that were issued", "h2"))
    parts += [version_of(each) for each in plan["versions"]] or [prose("None that is yours to read.")]
    parts += [prose("Everything that happened", "h2"), "<ol>", *(entry_of(plan, each) for each in entries), "</ol>"]
    parts += [prose("How to check this", "h2"), prose(checkpoint_line(checkpoint)), prose(HOW)]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    body = "\n".join(parts)
    head += f"<title>{html.escape(title)}</title>"
    return f'<!doctype html>\n<html lang="en-GB"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def prose(text: str, tag: str = "p") -> str:
    """Each line of plain text as a paragraph or a heading, every character of it escaped."""
    lines = (each for each in text.split("\n") if each.strip())
    return "".join(f'<{tag} dir="auto">{html.escape(each)}</{tag}>' for each in lines)


def items_of(tree: Any) -> dict[str, dict[str, Any]]:
    """Each item that a pruned tree shows, in the order of the page: its place, and `values` by the field's name."""
    shown: list[dict[str, Any]] = []
    tree_of(tree, shown)
    items: dict[str, dict[str, Any]] = {}
    for leaf in shown:  # an item's own place comes before its fields, since its address begins theirs
        item, field = ([*leaf["address"].split("/"), ""])[1:3]
        if field:
            items[item]["values"][field] = leaf["value"]
        else:
            items[item] = {**leaf["value"], "values": {}}
    return dict(sorted(items.items(), key=lambda each: each[1]["position"]))


def shown_items(plan: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """By section: the items of the revision that the receipt shows of it."""
    trees = {(each["section"], each["revision"]): each["tree"] for each in plan["revisions"]}
    sections = ((each["section"], each["revision"]) for each in plan["sections"] if each["reach"] != "none")
    return {section: items_of(trees[section, revision]) for section, revision in sections}


def names_of(plan: dict[str, Any], shown: dict[str, dict[str, dict[str, Any]]]) -> dict[str, str]:
    """What each item is called where another one names it: "F1 Speech therapy"."""
    names = {}
    for section in plan["sections"]:
        groups = {each["name"]: each for each in section["groups"]}
        for name, item in shown.get(section["section"], {}).items():
            group = groups[item["group"]]
            number = f"{group['prefix']}{item['number']} " if group["prefix"] else ""
            names[name] = number + item["values"].get(group["says"], group["title"])
    return names


def value_of(field: dict[str, Any], value: Any, names: dict[str, str]) -> str:
    if isinstance(value, list):
        return "\n".join(names.get(each, "something in another part") for each in value)
    if isinstance(value, dict) and "sha256" in value:
        return f"A file ({value['type']}), {value['bytes']} bytes, sealed as {grouped(value['sha256'][:12])}"
    if isinstance(value, dict):
        minutes = [f"{value['minutes']} minutes"] if "minutes" in value else []
        return ", ".join(minutes + [value[each] for each in ("how_often", "ratio", "how_long") if each in value])
    return str(field["choices"].get(value, value))


def section_of(plan: dict[str, Any], section: dict[str, Any], items: dict[str, Any], names: dict[str, str]) -> str:
    parts = [
        item_of(heading_of(plan, group, item), group, item, names)
        for group in section["groups"]
        for item in items.values()
        if item["group"] == group["name"]
    ]
    if section["reach"] == "final":
        parts.insert(0, prose("As it was last issued."))
    empty = "Not shown in this receipt." if section["reach"] == "none" else section["empty"]
    return "\n".join(parts) or prose(empty)


def heading_of(plan: dict[str, Any], group: dict[str, Any], item: dict[str, Any]) -> str:
    """ "F1", or what the group is called and, where each item is somebody's own, whose."""
    if group["prefix"]:
        return f"{group['prefix']}{item['number']}"
    owner = plan["people"].get(item["owner"], "")
    return f"{group['title']}: {owner}" if owner else str(group["title"])


def item_of(heading: str, group: dict[str, Any], item: dict[str, Any], names: dict[str, str]) -> str:
    parts = [prose(heading, "h3")]
    for field in (each for each in group["fields"] if each["name"] in item["values"]):
        said = prose(value_of(field, item["values"][field["name"]], names))
        asked = html.escape(field["label"])
        parts.append(said if field["label"] == heading else f"<dl><dt>{asked}</dt><dd>{said}</dd></dl>")
    return f'<div class="item">{"".join(parts)}</div>'


def version_of(version: dict[str, Any]) -> str:
    manifest = version["manifest"]
    line = f"Version {manifest['version']}: {issued_as(manifest)}, issued on {when(manifest['at'])}."
    return prose(f"{line} Sealed as {grouped(version['hash'][:12])}.")


def entry_of(plan: dict[str, Any], entry: dict[str, Any]) -> str:
    said = "Kept back, to keep the child safe."
    if "facts" in entry:
        facts = entry["facts"]
        said = f"{when(facts['at'], True)}: {who(plan, facts)} {done(facts)}."
    words = entry["beside"]["value"].get("words", "") if "beside" in entry else ""
    sealed = f'<p class="quiet">Sealed as <code>{grouped(entry["hash"][:12])}</code></p>'
    return f"<li>{prose(said)}{prose(words)}{sealed}</li>"
