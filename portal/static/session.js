// Says five minutes before a session ends that it will, so that nobody is signed out while they write.
// Every page works without this file: what is sent too late is kept by the server for whoever wrote it.

const SOON_S = 5 * 60;
const AGAIN_S = 30;
const { idleMinutes, signedInUntil } = document.body.dataset;
const token = document.querySelector('meta[name="csrf-token"]')?.content;
let banner;
let said = "";
let lookAt = 0;

function lookIn(seconds) {
  lookAt = Date.now() + seconds * 1000;
  window.setTimeout(() => { if (Date.now() >= lookAt) look(); }, seconds * 1000 + 50);
}

// Other tabs may have used the session meanwhile, so the server is asked; asking is no sign of life.
async function ask(path, method) {
  const answer = await fetch(path, { method, headers: { Accept: "application/json", "X-CSRF-Token": token } });
  if (answer.status === 401 || answer.status === 403) return { unused_s: 0, in_any_case_s: 0 };
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function look(path = "/sessions/time-left", method = "GET") {
  try {
    show(await ask(path, method));
  } catch {
    lookIn(AGAIN_S);
  }
}

function show(left) {
  const seconds = Math.min(left.unused_s, left.in_any_case_s);
  if (seconds > SOON_S) {
    banner?.remove();
    banner = undefined;
    said = "";
    lookIn(seconds - SOON_S);
  } else if (seconds > 0) {
    const at = new Date(Date.now() + seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    if (left.in_any_case_s <= left.unused_s) say(`You will be signed out at ${at}.`, "Nobody stays signed in for longer than that. Save what you have typed, then sign in again.");
    else say(`You will be signed out at ${at}.`, "Nothing has been sent for a while.", "Stay signed in");
    lookIn(Math.min(AGAIN_S, seconds + 1));
  } else {
    say("You have been signed out.", "What you typed is still on this page. Press Save: it is kept for you, and you are asked to sign in.");
  }
}

function say(title, more, button = "") {
  if (said === title) return;
  said = title;
  banner?.remove();
  banner = document.createElement("section");
  banner.className = "gt-ending";
  banner.setAttribute("aria-label", "Your session");
  banner.append(line("p", title, "gt-ending__title"), line("p", more));
  if (button) {
    const stay = line("button", button, "govuk-button");
    stay.type = "button";
    stay.addEventListener("click", () => look("/sessions/stay", "POST"));
    banner.append(stay);
  }
  document.body.append(banner);
  // Politely: it is said when whoever listens has come to the end of a sentence, and nobody's focus is moved.
  const announcer = document.getElementById("gt-announce");
  if (announcer) announcer.textContent = `${title} ${more}`;
}

function line(tag, words, kind = "") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = words;
  return made;
}

if (signedInUntil) {
  // The server notes a sign of life once a minute, so the last one may be a minute older than this page.
  const unused = Number(idleMinutes) * 60 - 60;
  lookIn(Math.max(0, Math.min(unused, (Date.parse(signedInUntil) - Date.now()) / 1000) - SOON_S));
  // A laptop that slept has timers that slept with it.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() >= lookAt) look(); });
}
