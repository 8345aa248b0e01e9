// Hears what others save while a section is open, and asks for it as its reader may see it now. Every page works
// without this file.

import * as presence from "./live-here.js";
import { openForm, put } from "./live-parts.js";

const AGAIN_MS = 3000; // how often is asked where no stream comes through
const PATIENCE_MS = 5000; // a stream that has said nothing by then is held up on the way
const AWAY_MS = 10 * 60 * 1000; // nobody sits there any more: nothing may count as read by them

let stream;
let timer;
let wanted = 0; // the number of the last thing saved here, as far as we were told
let sending = 0; // what we save ourselves comes back with its own answer
let fetching = false;
let over = false;
let lastSign = Date.now();

const section = () => document.querySelector("#section[data-live]");
const shown = () => Number(section()?.dataset.sequence ?? 0);
const address = () => `${section().dataset.live}?after=${Math.max(shown(), wanted)}`;
const isAway = () => document.hidden || Date.now() - lastSign > AWAY_MS;

// Hearing: by a stream, and by asking where none comes through.

function listen() {
  if (stream || over || document.hidden || !section()) return;
  window.clearTimeout(timer);
  stream = new EventSource(address());
  timer = window.setTimeout(askInstead, PATIENCE_MS);
  stream.addEventListener("saved", (event) => { heard([JSON.parse(event.data)]); });
  stream.addEventListener("here", (event) => {
    window.clearTimeout(timer);
    presence.here(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => { if (stream?.readyState === EventSource.CLOSED) askInstead(); });
}
function hangUp() {
  stream?.close();
  stream = undefined;
  window.clearTimeout(timer);
}
function askInstead() {
  hangUp();
  ask();
}
async function ask() {
  if (stream || over || document.hidden || !section()) return;
  try {
    const answer = await fetch(address(), { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      const said = await answer.json();
      heard(said.saved);
      presence.here(said.here);
    } else if (answer.status < 500 && answer.status !== 429) {
      over = true; // signed out, or the plan is no longer theirs to open
      presence.here([]);
    }
  } catch {
    // Without a network nothing is heard: it is asked again.
  }
  window.clearTimeout(timer);
  if (!over) timer = window.setTimeout(ask, AGAIN_MS);
}
function heard(news) {
  const letter = section()?.dataset.letter;
  for (const each of news) if (!each.section || each.section === letter) wanted = Math.max(wanted, each.sequence);
  show();
}

// Showing: the same page is asked for again and put in part by part.

async function show() {
  const asked = section();
  if (fetching || sending || isAway() || !asked || wanted <= shown()) return;
  const upTo = wanted;
  fetching = true;
  try {
    const fresh = (await pageAt(openForm(asked)?.getAttribute("action"))) ?? (await pageAt(asked.dataset.page));
    if (!fresh) wanted = shown();
    else if (section() === asked && !sending) {
      put(asked, fresh);
      asked.dataset.sequence = Math.max(upTo, Number(fresh.dataset.sequence));
    }
  } catch {
    window.setTimeout(show, AGAIN_MS);
    return;
  } finally {
    fetching = false;
  }
  show();
}
async function pageAt(path) {
  if (!path) return undefined;
  const answer = await fetch(path, { headers: { "HX-Request": "true", "X-By-Itself": "yes" } });
  if (answer.status >= 500 || answer.status === 429) throw new Error("not now");
  if (!answer.ok || answer.redirected) return undefined;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#section[data-live]");
}

// Beginning, ending and coming back

function begin() {
  if (!section()) {
    hangUp();
    return;
  }
  listen();
  presence.moved();
  show();
}
function end() {
  hangUp();
  presence.leave();
}
for (const sign of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  document.addEventListener(sign, () => {
    const away = isAway();
    lastSign = Date.now();
    if (away) show();
  }, { passive: true });
}
document.addEventListener("htmx:beforeRequest", () => { sending += 1; });
document.addEventListener("htmx:afterRequest", () => { sending = Math.max(0, sending - 1); });
document.addEventListener("htmx:afterSettle", begin);
// A tab that nobody sees holds no stream: a browser shares a few connections among all its tabs.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) end();
  else {
    lastSign = Date.now();
    begin();
  }
});
window.addEventListener("pagehide", end);
presence.begin(isAway);
begin();
