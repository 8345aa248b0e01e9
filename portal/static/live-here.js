// Who else is at this plan and in which field, and where one is oneself: said every few seconds while the page is seen.

import { announce, openForm } from "./live-parts.js";

const line = document.getElementById("gt-here");
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const STAY_MS = 15000;
const MOVED_MS = 300;
let said = ""; // where we last said that we are
let known; // the names of those who were there
let moving;

const section = () => document.querySelector("#section[data-live]");

// The others

export function here(people) {
  line?.replaceChildren();
  if (!line || !section()) return;
  const names = people.map((each) => each.name);
  const come = known ? names.filter((each) => !known.includes(each)) : [];
  known = names;
  line.replaceChildren(people.length ? listOf(people) : alone());
  if (come.length) announce(`${come.join(" and ")} ${come.length > 1 ? "are" : "is"} here now.`);
}
function listOf(people) {
  const list = document.createElement("ul");
  list.className = "gt-list-plain";
  list.setAttribute("aria-label", "Who else is here");
  for (const each of people) {
    const one = document.createElement("li");
    one.className = "gt-live";
    one.append(icon(each.where ? "pen" : "eye"));
    const name = document.createElement("bdi");
    name.textContent = each.name;
    const text = document.createElement("span");
    text.append(name, ` ${doing(each)}`);
    one.append(text);
    list.append(one, " ");
  }
  return list;
}
function doing(person) {
  if (person.section !== section().dataset.letter) return `is in section ${person.section}`;
  return person.where ? `is writing in “${person.where}”` : "is reading this section";
}
function alone() {
  const quiet = document.createElement("p");
  quiet.className = "gt-live";
  quiet.append(icon("people"), "Nobody else is here just now");
  return quiet;
}
function icon(name) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "gt-icon gt-icon--s");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  drawn.append(use);
  return drawn;
}

// Oneself

function placeNow() {
  const form = openForm(section());
  const [, group = "", item = ""] = form?.getAttribute("action").match(/\/items\/([\w-]+)\/([\w-]+)$/) ?? [];
  const typing = form?.contains(document.activeElement) && document.activeElement.closest(".govuk-form-group");
  const field = typing ? document.activeElement.name?.split(".")[0] : "";
  return { section: section().dataset.letter, group, item, field: field ?? "" };
}
async function say(place, leaving = false) {
  const at = section();
  if (at?.dataset.here === undefined) return;
  said = new URLSearchParams(place).toString();
  try {
    const headers = { "X-CSRF-Token": token, Accept: "application/json" };
    const answer = await fetch(at.dataset.live, { method: "POST", body: new URLSearchParams(place), keepalive: leaving, headers });
    if (answer.ok && !leaving) here((await answer.json()).here);
    else if (!answer.ok && answer.status < 429) delete at.dataset.here; // it is not ours to say
  } catch {
    said = ""; // said again in a moment
  }
}
export function leave() {
  if (said) say({ gone: "yes" }, true);
  said = "";
}
export function moved() {
  window.clearTimeout(moving);
  moving = window.setTimeout(() => {
    if (!document.hidden && section() && new URLSearchParams(placeNow()).toString() !== said) say(placeNow());
  }, MOVED_MS);
}

export function begin(isAway) {
  if (!line) return;
  here([]);
  document.addEventListener("focusin", moved);
  document.addEventListener("focusout", moved);
  window.setInterval(() => { if (section() && !isAway()) say(placeNow()); }, STAY_MS);
}
