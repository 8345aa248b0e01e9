// What the pages do beyond HTML: every page works without this file.

const announcer = document.getElementById("gt-announce");
const csrfToken = document.querySelector('meta[name="csrf-token"]')?.content;

function announce(words) {
  if (!announcer || !words) return;
  announcer.textContent = "";
  window.setTimeout(() => { announcer.textContent = words; }, 60);
}

function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

// Safety: every htmx request carries the token that the forms carry.
document.addEventListener("htmx:configRequest", (event) => {
  if (csrfToken) event.detail.headers["X-CSRF-Token"] = csrfToken;
});

function byTheirOwnAct(event) {
  return ["click", "submit"].includes(event.detail.requestConfig?.triggeringEvent?.type);
}
function placeToRead(part) {
  const heading = part.matches("h1, h2, h3") ? part : part.querySelector("[data-focus]") ?? part.querySelector("h1, h2, h3");
  return part.querySelector(".govuk-error-summary") ?? heading;
}
function isQuiet(part) {
  return !part?.querySelector || part.closest("[data-quiet]");
}

// After a part of the page was swapped by a person's own act, take them to its errors or its heading:
// in the swap itself, since focus that moves any later would be taken from whoever already types.
document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.elt;
  if (isQuiet(part)) return;
  part.querySelectorAll("[autofocus]").forEach((each) => each.removeAttribute("autofocus"));
  const place = placeToRead(part);
  if (place && byTheirOwnAct(event)) focusOn(place);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (isQuiet(part)) return;
  const place = placeToRead(part);
  if (byTheirOwnAct(event) && !part.querySelector(".govuk-error-summary")) part.classList.add("gt-changed");
  announce(part.dataset.announce ?? place?.querySelector("h2")?.textContent ?? place?.textContent);
});

// When the network or the server fails, the words stay where they are and the page says so.
function notSent(event) {
  const form = event.detail.elt?.closest("form");
  if (form) delete form.dataset.sent;
  const words = "Not sent. Your words are kept on this page. Try again when you are back online.";
  const place = form?.querySelector("[data-saved]");
  if (place) {
    place.textContent = words;
    place.classList.add("gt-saved--waiting");
  }
  announce(words);
}
// What was sent and kept is no longer unsent, also when its form stays on the page.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest("form");
  if (!form || !event.detail.successful) return;
  delete form.dataset.sent;
  form.querySelectorAll("textarea, input").forEach((field) => { field.defaultValue = field.value; });
});
document.addEventListener("htmx:sendError", notSent);
document.addEventListener("htmx:timeout", notSent);
document.addEventListener("htmx:responseError", notSent);

// A form marked data-once goes once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && form.hasAttribute("data-once")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
}, true);
// A form that another listener stopped was not sent after all.
document.addEventListener("submit", (event) => {
  const byHtmx = event.target.matches("[hx-post], [hx-put], [hx-patch], [hx-delete], [hx-get]");
  if (event.defaultPrevented && !byHtmx) delete event.target.dataset.sent;
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// Leaving with words typed and not sent asks first.
function hasUnsentWords(form) {
  if (form.dataset.sent || form.method !== "post") return false;
  if (form.hasAttribute("data-unsaved")) return true;
  return [...form.querySelectorAll("textarea, input[type=text], input:not([type])")]
    .some((field) => field.value !== field.defaultValue);
}
window.addEventListener("beforeunload", (event) => {
  if ([...document.forms].some(hasUnsentWords)) event.preventDefault();
});

// How much room is left, said aloud only when it is nearly gone.
document.addEventListener("input", (event) => {
  const field = event.target;
  const limit = Number(field.dataset?.limit);
  const count = limit && document.getElementById(`${field.id}-count`);
  if (!count) return;
  const left = limit - field.value.length;
  const number = Math.abs(left).toLocaleString("en-GB");
  count.textContent = left < 0 ? `${number} characters too many` : `${number} characters left`;
  count.classList.toggle("gt-count--over", left < 0);
  if (left < 0 || left === Math.round(limit / 10)) announce(count.textContent);
});

// Along the thread by arrow key: left and right follow a strand, up and down go to the strand before and after.
document.addEventListener("keydown", (event) => {
  const knot = event.target.closest?.("a.gt-knot");
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const steps = { [forward]: 1, [forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight"]: -1 };
  if (!knot || event.ctrlKey || event.metaKey || event.altKey) return;
  const strand = knot.closest(".gt-strand");
  let next;
  if (event.key in steps) {
    const knots = [...strand.querySelectorAll("a.gt-knot")];
    next = knots[knots.indexOf(knot) + steps[event.key]];
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const other = event.key === "ArrowDown" ? strand.nextElementSibling : strand.previousElementSibling;
    next = other?.querySelector?.("a.gt-knot");
  }
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// A page that came back with errors begins at them.
const errorsAtStart = document.querySelector("main .govuk-error-summary");
if (errorsAtStart) focusOn(errorsAtStart);
