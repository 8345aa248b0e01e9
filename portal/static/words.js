// A word of the field shows its meaning where it stands. Without this file it leads to the page of all words.

let open;
let shut = 0;

function panelFor(link) {
  const panel = document.createElement("span");
  panel.className = "gt-meaning";
  panel.id = "gt-meaning";
  panel.setAttribute("role", "tooltip");
  const word = document.createElement("b");
  word.textContent = link.dataset.word;
  panel.append(word, ` ${link.dataset.means}`);
  return panel;
}

function show(link, pinned) {
  window.clearTimeout(shut);
  if (open?.link === link) {
    open.pinned ||= pinned;
    return;
  }
  hide();
  const panel = panelFor(link);
  document.body.append(panel);
  const at = link.getBoundingClientRect();
  const room = document.documentElement.clientWidth - panel.offsetWidth - 8;
  panel.style.insetInlineStart = `${Math.max(8, Math.min(at.left, room)) + window.scrollX}px`;
  panel.style.top = `${at.bottom + window.scrollY + 6}px`;
  link.setAttribute("aria-describedby", panel.id);
  open = { link, panel, pinned };
}

function hide() {
  window.clearTimeout(shut);
  if (!open) return;
  open.link.removeAttribute("aria-describedby");
  open.panel.remove();
  open = undefined;
}

// A pointer that leaves may be on its way to the meaning itself.
function hideSoon() {
  if (open?.pinned) return;
  window.clearTimeout(shut);
  shut = window.setTimeout(hide, 300);
}

const wordOf = (event) => event.target.closest?.("a.gt-word");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = wordOf(event);
  if (link) show(link, false);
  else if (event.target.closest?.(".gt-meaning")) window.clearTimeout(shut);
  else if (open) hideSoon();
});
document.addEventListener("focusin", (event) => {
  const link = wordOf(event);
  if (link?.matches(":focus-visible")) show(link, false);
  else if (open && !link) hide();
});
document.addEventListener("click", (event) => {
  const link = wordOf(event);
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    // The first press says what the word means; one more goes to the page of all words.
    if (open?.link === link && open.pinned) return;
    event.preventDefault();
    show(link, true);
    const announcer = document.getElementById("gt-announce");
    if (announcer) announcer.textContent = `${link.dataset.word}: ${link.dataset.means}`;
  } else if (open && !event.target.closest?.(".gt-meaning")) {
    hide();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("htmx:beforeSwap", hide);
