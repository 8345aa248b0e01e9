// A sentence that the pointer rests on, or that is tapped, offers to be commented on. Without this file, and by keyboard,
// the link in the head of its item leads to the same page, with the sentence to be chosen there.

const RESTS = 350; // ms
const known = new Map(); // of an item's link: its sentences, asked for once
let resting = 0;
let offer;

const squeezed = (text) => text.replace(/\s+/g, " ").trim();

async function sentencesOf(link) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  if (!answer.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("input[name=sentence]")].map((input) => ({
    key: input.value,
    words: squeezed(input.labels?.[0]?.textContent ?? input.nextElementSibling.textContent).replace(/^- /, ""),
  }));
}

// The block of text at a point, and how many characters of it, single spaces counted, stand before the point.
function placeAt(x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const range = caret ? undefined : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? range?.startContainer;
  const block = node?.nodeType === Node.TEXT_NODE ? node.parentElement.closest("p, li, dd") : null;
  if (!block) return null;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(node, caret?.offset ?? range.startOffset);
  const lead = before.toString().replace(/\s+/g, " ").trimStart();
  return { block, text: squeezed(block.textContent), at: lead.length };
}

function sentenceAt(place, sentences) {
  return sentences.find(({ words }) => {
    const start = place.text.indexOf(words);
    return start >= 0 && start <= place.at && place.at <= start + words.length;
  });
}

function withdraw() {
  window.clearTimeout(resting);
  offer?.remove();
  offer = undefined;
}

function show(link, key, x, y) {
  if (offer?.dataset.key === `${link.href} ${key}`) return;
  withdraw();
  offer = document.createElement("a");
  offer.className = "govuk-button govuk-button--secondary gt-no-print";
  offer.dataset.key = `${link.href} ${key}`;
  offer.href = `${link.href}?sentence=${encodeURIComponent(key)}`;
  offer.textContent = "Comment on this sentence";
  Object.assign(offer.style, { position: "absolute", margin: "0", zIndex: "5" });
  document.body.append(offer);
  const room = document.documentElement.clientWidth - offer.offsetWidth - 8;
  offer.style.left = `${Math.max(8, Math.min(x, room)) + window.scrollX}px`;
  offer.style.top = `${y + 14 + window.scrollY}px`;
}

async function point(target, x, y) {
  const link = target.closest?.("article")?.querySelector("a[data-point]");
  const place = link && placeAt(x, y);
  if (!place || target.closest("a, button, form")) return;
  if (!known.has(link.href)) known.set(link.href, sentencesOf(link).catch(() => []));
  const found = sentenceAt(place, await known.get(link.href));
  if (found) show(link, found.key, x, y);
}

document.addEventListener("pointermove", (event) => {
  if (event.pointerType === "touch" || offer?.contains(event.target)) return;
  window.clearTimeout(resting);
  resting = window.setTimeout(() => point(event.target, event.clientX, event.clientY), RESTS);
});
document.addEventListener("click", (event) => {
  if (offer?.contains(event.target)) return;
  withdraw();
  if (event.pointerType === "touch") point(event.target, event.clientX, event.clientY);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") withdraw();
});
// What was saved meanwhile has other sentences.
document.addEventListener("htmx:beforeSwap", () => {
  withdraw();
  known.clear();
});
