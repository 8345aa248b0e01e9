// Keeps what is typed before it is saved, privately and on the server: nothing of it is ever stored in the browser,
// where whoever sits here next would find it. Every page works without this file.

const PAUSE_MS = 1500;
const LONGEST_MS = 8000;
const AGAIN_MS = 5000;
const PATIENCE_MS = 3000;
const writings = new Map(); // each form that somebody has typed in, and how far it is kept

function writingIn(form) {
  if (!writings.has(form)) writings.set(form, { form, typedIn: "", since: 0, unkept: false, over: false, toSave: false });
  return writings.get(form);
}

// Soon after the last key, and every few seconds for whoever never pauses.
function keepSoon(writing, pause = PAUSE_MS) {
  window.clearTimeout(writing.timer);
  const longest = writing.since + LONGEST_MS - Date.now();
  writing.timer = window.setTimeout(() => keep(writing), Math.max(0, Math.min(pause, longest)));
}
function typed(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || !event.target.name) return;
  const writing = writingIn(form);
  writing.typedIn = event.target.name;
  writing.since ||= Date.now();
  writing.unkept = true;
  writing.toSave = false;
  keepSoon(writing);
}
document.addEventListener("input", typed);
document.addEventListener("change", typed);

function mayKeep(writing) {
  return writing.unkept && !writing.over && writing.form.isConnected;
}
function keep(writing, leaving = false) {
  window.clearTimeout(writing.timer);
  if (!mayKeep(writing)) return;
  if (writing.sending && !leaving) return; // what was typed meanwhile is sent when this is answered
  writing.unkept = false;
  writing.since = 0;
  const body = new URLSearchParams(new FormData(writing.form));
  body.set("typed_in", writing.typedIn);
  writing.sending = send(writing, body, leaving).finally(() => {
    writing.sending = undefined;
    if (writing.unkept && !writing.waits) keepSoon(writing);
  });
}
async function send(writing, body, leaving) {
  const keepalive = leaving && body.toString().length < 60_000; // browsers take no more from a page that is going
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(writing.form.dataset.draft, { method: "POST", body, headers, keepalive });
    await told(writing, answer);
  } catch {
    notReached(writing);
  }
}

async function told(writing, answer) {
  if (answer.status === 429) waitFor(writing, Number(answer.headers.get("Retry-After") ?? 1) * 1000);
  else if (answer.status >= 500) notReached(writing);
  else if (answer.status === 401) signedOut(writing);
  else if (answer.ok) kept(writing, (await answer.json()).kept);
  else await refused(writing, answer);
}

function kept(writing, at) {
  const back = writing.waits;
  writing.waits = false;
  if (writing.toSave) {
    writing.toSave = false;
    writing.form.requestSubmit();
    return;
  }
  const time = at && new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  say(writing, back ? "back" : "kept", time ? `Kept at ${time}, not yet saved.` : "");
}
function notReached(writing) {
  const why = navigator.onLine ? "Golden Thread can’t be reached just now." : "You are offline.";
  const then = writing.toSave ? "saved" : "kept";
  say(writing, `waits ${then}`, `${why} Your words wait on this page, and are ${then} as soon as ${navigator.onLine ? "it can" : "you are back"}.`);
  waitFor(writing, AGAIN_MS);
}
function waitFor(writing, milliseconds) {
  writing.unkept = true;
  writing.waits = true;
  window.clearTimeout(writing.timer);
  if (navigator.onLine) writing.timer = window.setTimeout(() => keep(writing), milliseconds);
}
function signedOut(writing) {
  writing.unkept = true;
  writing.waits = true;
  const link = document.createElement("a");
  link.href = "/sign-in?next=/worklist";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in in a new tab";
  say(writing, "signed out", "You have been signed out. Your words stay on this page. ", link, ", then come back here: they are kept by themselves.");
}
async function refused(writing, answer) {
  const why = await answer.json().then((said) => said.error.filter((each) => !/^\d+$/.test(each)).join(" ")).catch(() => "");
  say(writing, "refused", `Not kept. ${why} Your words stay on this page.`.replace("  ", " "));
}

// Beside Save; said aloud only when something has changed.
function say(writing, state, ...parts) {
  const place = writing.form.querySelector("[data-saved]");
  if (!place) return;
  place.replaceChildren(...parts);
  place.classList.toggle("gt-saved--waiting", state !== "kept" && state !== "back");
  const news = writing.state !== state && !(writing.state === "back" && state === "kept");
  writing.state = state;
  if (news) announce(place.textContent);
}
function announce(words) {
  const announcer = document.getElementById("gt-announce");
  if (announcer && words) announcer.textContent = words;
}

// The network, the portal or the session may be there again.
function tryAgain() {
  for (const writing of writings.values()) if (writing.waits) keep(writing);
}
window.addEventListener("online", tryAgain);
window.addEventListener("focus", tryAgain);
const tabs = new BroadcastChannel("golden-thread");
tabs.addEventListener("message", tryAgain);
if (document.body.dataset.signedInUntil) tabs.postMessage("signed in");
function keepAll(leaving) {
  for (const writing of writings.values()) keep(writing, leaving);
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) keepAll(true);
  else tryAgain();
});
window.addEventListener("pagehide", () => keepAll(true));

// A form that is sent is kept no more, and is sent only when nothing of it is still on its way: what came later would
// be kept beside what was saved. Whatever else is done to the item ends it too: its words are thrown away or taken out.
window.addEventListener("submit", (event) => {
  const form = event.target;
  const item = form.closest(".gt-item")?.querySelector("form[data-draft]");
  const writing = writings.get(form.matches("[data-draft]") ? form : item);
  if (!writing) return;
  window.clearTimeout(writing.timer);
  writing.over = true;
  if (!writing.sending) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const patience = new Promise((done) => { window.setTimeout(done, PATIENCE_MS); });
  const button = event.submitter;
  Promise.race([writing.sending, patience]).then(() => {
    writing.sending = undefined;
    form.requestSubmit(button);
  });
}, true);
function cameBack(event) {
  const writing = writings.get(event.detail.elt?.closest?.("form"));
  if (!writing) return;
  writing.over = false;
  writing.toSave = event.type !== "htmx:responseError" || event.detail.xhr.status >= 502;
  if (writing.toSave) notReached(writing);
  else keepSoon(Object.assign(writing, { unkept: true, since: Date.now() }));
}
document.addEventListener("htmx:sendError", cameBack);
document.addEventListener("htmx:timeout", cameBack);
document.addEventListener("htmx:responseError", cameBack);

// Another part of the page may take the place of what is being typed.
document.addEventListener("htmx:beforeRequest", () => keepAll(false));
document.addEventListener("htmx:afterSettle", () => {
  for (const form of writings.keys()) if (!form.isConnected) writings.delete(form);
});

// Whoever comes back to words of theirs is told so, wherever on the page they land.
const found = document.querySelector("[data-kept]");
if (found) window.setTimeout(() => announce((found.querySelector("p") ?? found).textContent), 300);
