// Reads a part of a page aloud with the browser's own voice, block by block. Where there is no voice, nothing shows.

const speech = window.speechSynthesis;
const BLOCKS = "h2, h3, h4, p, li, dt, dd, blockquote";
const NOT_READ = ".gt-aloud, .gt-item__acts, .gt-actions, .govuk-visually-hidden, [aria-hidden=true], [hidden], svg, form, button";
let reading;

function wordsOf(block) {
  const copy = block.cloneNode(true);
  copy.querySelectorAll(NOT_READ).forEach((each) => each.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

// Each innermost block once, in the order of the page.
function blocksOf(part) {
  return [...part.querySelectorAll(BLOCKS)]
    .filter((each) => !each.querySelector(BLOCKS) && !each.closest(NOT_READ) && each.checkVisibility?.() !== false)
    .map((element) => ({ element, words: wordsOf(element) }))
    .filter((each) => each.words);
}

// Some browsers stop in the middle of what takes long to say, so that it is said a sentence at a time.
function sentencesOf(words, lang) {
  if (!window.Intl?.Segmenter) return [words];
  return [...new Intl.Segmenter(lang, { granularity: "sentence" }).segment(words)].map((each) => each.segment.trim()).filter(Boolean);
}

function voiceFor(lang) {
  const wanted = lang.toLowerCase();
  const voices = speech.getVoices();
  return voices.find((each) => each.lang.toLowerCase().replace("_", "-") === wanted)
    ?? voices.find((each) => each.lang.toLowerCase().slice(0, 2) === wanted.slice(0, 2));
}

function start(part, bar) {
  stop();
  const queue = blocksOf(part).flatMap(({ element, words }) => {
    const lang = element.closest("[lang]")?.lang || "en-GB";
    return sentencesOf(words, lang).map((sentence) => ({ element, sentence, lang }));
  });
  reading = { queue, at: 0, bar, paused: false };
  label();
  next();
}

function next() {
  const mine = reading;
  if (!mine) return;
  mine.element?.classList.remove("gt-spoken");
  const { element, sentence, lang } = mine.queue[mine.at] ?? {};
  if (!element?.isConnected) {
    stop();
    return;
  }
  const said = new SpeechSynthesisUtterance(sentence);
  said.lang = lang;
  const voice = voiceFor(lang);
  if (voice) said.voice = voice;
  said.onend = () => {
    if (reading !== mine || mine.said !== said) return;
    mine.at += 1;
    next();
  };
  said.onerror = () => { if (reading === mine && mine.said === said) stop(); };
  mine.element = element;
  mine.said = said;
  element.classList.add("gt-spoken");
  speech.speak(said);
}

function stop() {
  if (!reading) return;
  const { element } = reading;
  const { bar } = reading;
  reading = undefined;
  element?.classList.remove("gt-spoken");
  speech.cancel();
  label(bar);
}

// Pausing begins the sentence again: going on in the middle of one works in few browsers.
function pauseOrGoOn() {
  const mine = reading;
  if (!mine) return;
  mine.paused = !mine.paused;
  if (mine.paused) {
    mine.said = undefined;
    speech.cancel();
  } else {
    next();
  }
  label();
}

function label(bar = reading?.bar) {
  if (!bar) return;
  const mine = reading?.bar === bar ? reading : undefined;
  const [go, halt] = bar.querySelectorAll("button");
  go.textContent = !mine ? "Read aloud" : (mine.paused ? "Go on" : "Pause");
  halt.hidden = !mine;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "gt-aloud__button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function prepare() {
  if (reading && !reading.bar.isConnected) stop();
  document.querySelectorAll("[data-read-aloud]").forEach((part) => {
    if (part.querySelector(":scope > .gt-aloud") || !blocksOf(part).length) return;
    const bar = document.createElement("div");
    bar.className = "gt-aloud";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Listen and print");
    if (speech) {
      bar.append(button("Read aloud", () => (reading?.bar === bar ? pauseOrGoOn() : start(part, bar))));
      const halt = button("Stop", () => { stop(); bar.querySelector("button").focus(); });
      halt.hidden = true;
      bar.append(halt);
    }
    bar.append(button("Print", () => window.print()));
    part.prepend(bar);
  });
}

// A browser may come to know its voices late, and may have none: then nothing is offered that would stay silent.
function voicesAreKnown() {
  document.documentElement.classList.toggle("gt-no-voice", !speech?.getVoices().length);
}

voicesAreKnown();
speech?.addEventListener?.("voiceschanged", voicesAreKnown);
prepare();
document.addEventListener("htmx:afterSettle", prepare);
window.addEventListener("pagehide", stop);
