// The chat page with a script: streamed answers, marks while typing, stop. Without it, the same
// forms do the same things one page at a time.

import { readEvents, elementsOf, textOf } from "./answer.js";
import { watchComposer } from "./composer.js";

const words = Object.fromEntries(
  [...document.querySelectorAll("#words [data-key]")].map((word) => [word.dataset.key, word.textContent]),
);
const page = document.getElementById("words");
const form = document.getElementById("composer");
const text = document.getElementById("text");
const log = document.getElementById("messages");
const spoken = document.getElementById("spoken");
const refusal = document.getElementById("refusal");
const stopButton = document.getElementById("stop");
const sendButton = document.getElementById("send");

const headers = {
  "Content-Type": "application/json",
  "Accept-Language": page.dataset.lang,
  ...(page.dataset.formToken ? { "X-Form-Token": page.dataset.formToken } : {}),
};

// A language that was chosen in the address stays there.
const chosenLanguage = location.search.includes("lang=") ? `?lang=${page.dataset.lang}` : "";

let running = null;

if (form) {
  const composer = watchComposer({ form, text, words, headers });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!running && text.value.trim() !== "") send(composer);
  });
  text.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (sends && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  stopButton.addEventListener("click", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && running) stop();
  });
  for (const message of log.querySelectorAll(".message.assistant")) addTools(message);
  const fold = document.querySelector(".earlier-fold");
  if (fold && matchMedia("(max-width: 60rem)").matches) fold.open = false;
  for (const link of document.querySelectorAll('a[href="#human-way"]')) {
    link.addEventListener("click", () => (document.getElementById("human-way").open = true));
  }
  if (log.lastElementChild) log.lastElementChild.scrollIntoView({ block: "end" });
}

function stop() {
  running?.abort();
}

async function send(composer, { text: said = text.value, accept = [], toModel = false } = {}) {
  const conversation = form.dataset.conversation;
  const address = conversation ? `/api/v1/chat/${conversation}/messages` : "/api/v1/chat";
  const asked = { text: said, exempt: composer.exempt(), accept, to_model: toModel };
  const model = form.querySelector("#model");
  if (model && !conversation) asked.model = model.value;
  const choice = form.querySelector("input[name=history]:checked");
  if (choice && !conversation) asked.history = choice.value;

  running = new AbortController();
  busy(true);
  refusal.replaceChildren();
  const exchange = new Exchange(composer, said);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { ...headers, Accept: "text/event-stream, application/problem+json" },
      body: JSON.stringify(asked),
      credentials: "same-origin",
      signal: running.signal,
    });
    if (!answer.ok) {
      await refused(answer, composer);
      return;
    }
    if (!answer.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      const { open, card } = await answer.json();
      exchange.script(open, card);
      return;
    }
    for await (const { name, data } of readEvents(answer.body)) exchange.take(name, data);
    exchange.end(false);
  } catch (error) {
    if (error.name === "AbortError") exchange.end(true);
    else if (exchange.started) exchange.fail(words["js-failed"]);
    else say(words["js-offline"]);
  } finally {
    running = null;
    busy(false);
    text.focus();
  }
}

// What was asked and what is answered, while it goes on.
class Exchange {
  constructor(composer, typed) {
    this.composer = composer;
    this.typed = typed;
    this.started = false;
    this.blocks = [];
    this.spokenUpTo = 0;
  }

  take(name, data) {
    switch (name) {
      case "open": return this.open(data);
      case "seen": return this.seen(data);
      case "answer_seen": return this.answer.append(sides(data));
      case "block": return this.block(data);
      case "failed": return this.fail(data.text);
      case "done": return this.end(Boolean(data.stopped));
    }
  }

  open(data) {
    this.began(data);
    this.answer = message("assistant", words["chat-assistant"]);
    this.answer.setAttribute("aria-busy", "true");
    this.composer.clear();
    spoken.replaceChildren();
    speak(words["js-writing"]);
    this.person.scrollIntoView({ block: "start", behavior: "smooth" });
  }

  // The conversation is there, and the person's message stands in it.
  began(data) {
    this.started = true;
    document.querySelector(".welcome")?.remove();
    for (const choice of form.querySelectorAll(".history, .models")) choice.remove();
    form.classList.remove("starting");
    placed(data);
    this.person = message("person", words["chat-you"]);
    const typed = element("p", "typed");
    typed.textContent = this.typed;
    this.person.querySelector(".said").append(typed);
  }

  // What was replaced is marked in the person's own words too.
  seen(data) {
    this.person.querySelector(".typed").replaceChildren(...marked(data.you, "kept"));
    this.person.append(sides(data));
  }

  // A step of a script: nothing went to a model.
  script(place, card) {
    this.began(place);
    const item = message("script", words["chat-script"]);
    item.querySelector(".said").append(cardElement(card, this.typed, this.composer));
    this.composer.clear();
    spoken.replaceChildren();
    speak([card.title, ...card.paragraphs].join(". "));
    item.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  block(data) {
    const said = this.answer.querySelector(".said");
    const [shown] = elementsOf([data.node]);
    const present = said.children[data.i];
    if (present) present.replaceWith(shown);
    else said.append(shown);
    this.blocks[data.i] = textOf(data.node);
    this.speakSentences(false);
    const bottom = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (bottom < 320) scrollTo({ top: document.documentElement.scrollHeight });
  }

  // Whole sentences only: a screen reader reads an answer as one reads aloud.
  speakSentences(all) {
    const whole = this.blocks.join("\n");
    const rest = whole.slice(this.spokenUpTo);
    let end = rest.length;
    if (!all) {
      end = 0;
      for (const match of rest.matchAll(/[.!?:](?=\s)|\n/g)) end = match.index + match[0].length;
    }
    const part = rest.slice(0, end).trim();
    this.spokenUpTo += end;
    if (part) speak(part);
  }

  fail(reason) {
    this.end(true);
    say(reason);
    if (text.value === "") this.composer.fill(this.typed);
  }

  end(stopped) {
    if (!this.answer || this.ended) return;
    this.ended = true;
    this.answer.setAttribute("aria-busy", "false");
    if (stopped) {
      const note = element("p", "stopped muted");
      note.textContent = words["chat-stopped"];
      this.answer.append(note);
      speak(words["chat-stopped"]);
    } else {
      this.speakSentences(true);
      speak(words["js-done"]);
    }
    addTools(this.answer);
    listEarlier();
  }
}

// The list of conversations, once the present one has its first words.
async function listEarlier() {
  const fold = document.querySelector(".earlier-fold");
  const answer = await fetch("/api/v1/chat", { headers, credentials: "same-origin" }).catch(() => null);
  if (!fold || !answer?.ok) return;
  const lines = (await answer.json()).map(({ id, title, day, day_words: dayWords }) => {
    const link = Object.assign(element("a"), { href: `/chat/${id}${chosenLanguage}` });
    if (id === form.dataset.conversation) link.setAttribute("aria-current", "page");
    link.append(
      Object.assign(element("span", "earlier-title"), { textContent: title }),
      Object.assign(element("time", "muted"), { dateTime: day, textContent: dayWords }),
    );
    const item = element("li");
    item.append(link);
    return item;
  });
  if (lines.length === 0) return;
  const list = element("ul");
  list.append(...lines);
  fold.querySelector("ul, p")?.replaceWith(list);
}

function element(name, classes) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  return made;
}

function message(kind, speaker) {
  const item = element("li", `message ${kind}`);
  const who = element("p", "speaker");
  const name = element("span");
  name.textContent = speaker;
  who.append(name);
  item.append(who, element("div", "said"));
  log.append(item);
  return item;
}

// An address below that of the conversation.
function below(what) {
  return `/chat/${form.dataset.conversation}/${what}${chosenLanguage}`;
}

function placed({ conversation, labels = [] }) {
  if (!conversation || form.dataset.conversation === conversation) return;
  form.dataset.conversation = conversation;
  form.action = `/chat/${conversation}${chosenLanguage}`;
  history.replaceState(null, "", form.action);
  const erasing = document.querySelector("details.delete");
  erasing.hidden = false;
  erasing.querySelector("form").action = below("delete");
  const list = document.querySelector(".labels");
  list.replaceChildren(...labels.map(([name, value]) => {
    const label = element("div", "label");
    label.append(Object.assign(element("dt"), { textContent: name }), Object.assign(element("dd"), { textContent: value }));
    return label;
  }));
}

function cardElement(card, typed, composer) {
  const step = element("section", "step");
  step.setAttribute("aria-label", card.title);
  step.append(Object.assign(element("h2"), { textContent: card.title }));
  for (const paragraph of card.paragraphs) step.append(Object.assign(element("p"), { textContent: paragraph }));
  if (card.links.length > 0) {
    const list = element("ul", "plain");
    for (const { href, text: label } of card.links) {
      const item = element("li");
      item.append(Object.assign(element("a"), { href: href + chosenLanguage, textContent: label }));
      list.append(item);
    }
    step.append(list);
  }
  const buttons = element("form", "buttons");
  buttons.method = "post";
  buttons.action = below("step");
  for (const hidden of form.querySelectorAll("input[type=hidden]")) buttons.append(hidden.cloneNode());
  buttons.append(Object.assign(element("input"), { type: "hidden", name: "text", value: typed }));
  for (const { value, label, weight } of card.choices) {
    const button = Object.assign(element("button", weight), { type: "submit", name: "choice", value, textContent: label });
    if (value === "to-model") {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const item = step.closest(".message");
        item.previousElementSibling?.remove();
        item.remove();
        if (!running) send(composer, { text: typed, toModel: true });
      });
    }
    buttons.append(button);
  }
  step.append(buttons);
  return step;
}

function marked(segments, classes) {
  return segments.map((segment) => {
    if (!segment.kind) return segment.text;
    return Object.assign(element("mark", classes), { title: segment.kind, textContent: segment.text });
  });
}

function sides(seen) {
  const details = element("details", "sides");
  const summary = element("summary");
  summary.textContent = words["sides-open"];
  const both = element("div", "sides-both");
  for (const [key, segments, kept] of [["sides-you", seen.you, "kept"], ["sides-model", seen.model, "surrogate"]]) {
    const side = element("section", "side");
    const head = element("p", "side-title");
    head.textContent = words[key];
    const typed = element("p", "typed");
    typed.append(...marked(segments, kept));
    side.append(head, typed);
    both.append(side);
  }
  details.append(summary, both);
  return details;
}

function addTools(item) {
  if (item.querySelector(".message-tools") || !navigator.clipboard) return;
  const tools = element("div", "message-tools");
  const copy = element("button");
  copy.type = "button";
  copy.textContent = words["js-copy"];
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.querySelector(".said").innerText);
    copy.textContent = words["js-copied"];
    speak(words["js-copied"]);
    setTimeout(() => (copy.textContent = words["js-copy"]), 2000);
  });
  tools.append(copy);
  item.append(tools);
}

function speak(sentence) {
  const line = element("span");
  line.textContent = `${sentence} `;
  spoken.append(line);
}

function busy(on) {
  stopButton.hidden = !on;
  sendButton.hidden = on;
  form.setAttribute("aria-busy", String(on));
}

// A reason above the box; the text stays in it.
function say(title, reasons = [], ways = [], more = []) {
  const callout = element("div", "callout bad");
  const head = element("h2");
  head.textContent = title;
  callout.append(head);
  for (const reason of reasons) {
    const line = element("p");
    line.textContent = reason;
    callout.append(line);
  }
  if (ways.length > 0) {
    const lead = element("p");
    lead.append(Object.assign(element("strong"), { textContent: words["refused-ways"] }));
    const list = element("ul");
    for (const way of ways) list.append(Object.assign(element("li"), { textContent: way }));
    callout.append(lead, list);
  }
  callout.append(...more);
  refusal.replaceChildren(callout);
  callout.scrollIntoView({ block: "nearest" });
}

async function refused(answer, composer) {
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // An answer that is not ours, such as a proxy's: the general text says enough.
  }
  if (answer.status === 428) {
    location.assign("/");
    return;
  }
  placed(problem);
  const more = [];
  if (problem.warnings?.length > 0) {
    const anyway = Object.assign(element("button", "secondary"), { type: "button", textContent: words["refused-send-anyway"] });
    anyway.addEventListener("click", () => {
      if (!running) send(composer, { accept: problem.warnings });
    });
    more.push(anyway);
  }
  for (const reason of problem.to_give ?? []) {
    const give = Object.assign(element("button", "secondary small"), { type: "button", textContent: reason.label });
    give.addEventListener("click", () => {
      if (!running) send(composer, { reason: reason.value });
    });
    more.push(give);
  }
  const reasons = problem.reasons ?? (problem.detail ? [problem.detail] : []);
  say(problem.title ?? words["js-failed"], reasons, problem.ways_out ?? [], more);
}
