// Puts a section as it now stands into the page, part by part: what is the same is left alone, and so is an open form.
// The focus stays on the same link or heading, and what is read stays at its place on the screen.

export const openForm = (section) => section?.querySelector("form[data-draft]");
const words = (part) => part.textContent.replace(/\s+/g, " ").trim();
const bare = (part) => {
  const copy = part.cloneNode(true);
  copy.querySelectorAll(".gt-new").forEach((each) => each.remove()); // what is new to whom is not in what they ask for
  return copy;
};
const says = (part) => [words(bare(part)), ...[...part.querySelectorAll("a")].map((each) => each.getAttribute("href"))].join("\n");
const isCard = (part) => part.matches("article");
const isOpen = (part) => part.matches("form") || Boolean(openForm(part));
const holdsCards = (part) => !isCard(part) && part.matches("section, div:not(.gt-actions)");
const titleOf = (card) => words(card.querySelector(".gt-item__number") ?? card);
const byOf = (card) => words(card.querySelector(".gt-by span:last-child, .gt-voice small") ?? document.createElement("i"));

export function announce(said) {
  const announcer = document.getElementById("gt-announce");
  if (announcer && said) announcer.textContent = said;
}

// Answers nothing; what was changed is said politely.
export function put(old, fresh) {
  const changed = [];
  keepPlace(old, () => {
    for (const part of [".gt-title", ".gt-two__side"]) swap(old.querySelector(part), fresh.querySelector(part));
    bring(old.querySelector(".gt-two__main"), fresh.querySelector(".gt-two__main"), changed);
  });
  announce(changed.length > 2 ? `${changed.length} parts of this section were changed.` : changed.join(" "));
}

function keepPlace(section, act) {
  const read = [document.activeElement, ...section.querySelectorAll("article")];
  const still = read.find((each) => section.contains(each) && each.getBoundingClientRect().bottom > 0);
  const top = still?.getBoundingClientRect().top;
  const page = document.documentElement;
  page.style.overflowAnchor = "none"; // or some browsers would move it too
  act();
  if (still?.isConnected) window.scrollBy({ top: still.getBoundingClientRect().top - top, behavior: "instant" });
  window.requestAnimationFrame(() => { page.style.overflowAnchor = ""; });
}

// By what a part is known in both: its id, its heading's, or what it is and stands under.
function keyOf(part, taken) {
  const under = part.matches("div") ? words(part.previousElementSibling ?? document.createElement("i")) : "";
  let key = part.id || part.getAttribute("aria-labelledby") || `${part.tagName} ${part.className} ${under}`;
  while (taken.has(key)) key += "+";
  return key;
}
function byKey(parts) {
  const found = new Map();
  for (const each of parts) found.set(keyOf(each, found), each);
  return found;
}

function bring(old, fresh, changed) {
  if (!old || !fresh) return;
  const aloud = old.querySelector(":scope > .gt-aloud");
  const before = byKey([...old.children].filter((each) => each !== aloud));
  const after = byKey(fresh.children);
  let last = aloud;
  for (const [key, each] of after) {
    const found = before.get(key);
    last = found ? renew(found, each, changed) : add(old, each, last, changed);
  }
  for (const [key, each] of before) if (!after.has(key)) drop(each, fresh, changed);
}

function renew(found, each, changed) {
  if (holdsCards(found)) {
    bring(found, each, changed);
    return found;
  }
  const newer = Number(each.dataset.revision ?? 0) > Number(found.dataset.revision ?? 0);
  if (isOpen(found)) {
    if (newer) note(found, "Somebody saved a newer text of this. Your words stay here.");
    return found;
  }
  const made = swap(found, each);
  if (newer && made !== found) changed.push(marked(made, "was changed"));
  return made;
}

function add(parent, each, last, changed) {
  const made = document.importNode(each, true);
  if (last) last.after(made);
  else parent.prepend(made);
  window.htmx?.process(made);
  if (isCard(made)) changed.push(marked(made, "is new"));
  return made;
}

function marked(card, how) {
  card.classList.add("gt-changed");
  const chip = document.createElement("p");
  chip.className = "gt-new";
  chip.textContent = how === "is new" ? "Added just now" : "Changed just now";
  card.querySelector(".gt-item__head")?.after(chip);
  return `${titleOf(card)} ${how}. ${byOf(card)}`;
}

function drop(each, fresh, changed) {
  const moved = each.id && fresh.ownerDocument.getElementById(each.id);
  if (isOpen(each)) {
    if (!moved && each.dataset.revision) note(each, "Somebody took this out of the plan. Your words stay here.");
    return;
  }
  if (isCard(each) && !moved) changed.push(`${titleOf(each)} was taken out.`);
  each.remove();
}

function swap(found, each) {
  if (!found || !each || isOpen(found) || says(found) === says(each)) return found;
  const on = found.contains(document.activeElement) ? document.activeElement : undefined;
  const opened = [...found.querySelectorAll("details")].map((one) => one.open);
  const made = document.importNode(each, true);
  made.querySelectorAll("details").forEach((one, at) => { one.open ||= Boolean(opened[at]); });
  found.replaceWith(made);
  window.htmx?.process(made);
  if (on) stand(made, on);
  return made;
}

// Whoever stood on a link or a heading of the old part, stands on the same one of the new.
function stand(made, on) {
  const like = [...made.querySelectorAll(on.tagName)];
  const same = like.find((each) => on.id && each.id === on.id) ?? like.find((each) => words(each) === words(on));
  if (!same) return;
  if (on.tabIndex === -1) same.tabIndex = -1;
  same.focus({ preventScroll: true });
}

// Above an open form; nothing in the form is touched.
function note(card, said) {
  let place = card.querySelector("[data-newer]");
  if (place?.textContent === said) return;
  if (!place) {
    place = document.createElement("p");
    place.className = "gt-note";
    place.dataset.newer = "";
    openForm(card).before(place);
  }
  place.textContent = said;
  announce(said);
}
