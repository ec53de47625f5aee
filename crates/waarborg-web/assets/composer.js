// Shows while one types what will be replaced. The server decides; this only draws.

const PAUSE_MS = 220;

export function watchComposer({ form, text, words, headers }) {
  const marks = document.getElementById("marks");
  const found = document.getElementById("found");
  const chips = document.getElementById("chips");
  const count = document.getElementById("found-count");
  const struck = new Map();
  let timer = null;
  let asking = null;

  text.addEventListener("input", () => {
    grow();
    marks.replaceChildren();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  text.addEventListener("scroll", () => (marks.scrollTop = text.scrollTop));
  if (text.value !== "") {
    grow();
    ask();
  }

  // What the person says is no personal data, as long as it stands in the text.
  function exempt() {
    return [...struck.values()].filter(({ value }) => text.value.includes(value)).map(({ kind, value }) => ({ kind, value }));
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }

  async function ask() {
    asking?.abort();
    const typed = text.value;
    if (typed.trim() === "") {
      show(typed, { findings: [], summary: "" });
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch("/api/v1/preview", {
        method: "POST",
        headers,
        body: JSON.stringify({ text: typed, exempt: exempt(), conversation: form.dataset.conversation ?? null, model: form.querySelector("#model")?.value ?? null }),
        credentials: "same-origin",
        signal: asking.signal,
      });
      if (answer.ok && text.value === typed) show(typed, await answer.json());
    } catch {
      // No preview is no leak: the same screening happens when the message is sent.
    }
  }

  function show(typed, preview) {
    const drawn = [];
    let at = 0;
    for (const finding of preview.findings) {
      const mark = document.createElement("mark");
      mark.dataset.verdict = finding.verdict;
      mark.textContent = typed.slice(finding.start, finding.end);
      drawn.push(typed.slice(at, finding.start), mark);
      at = finding.end;
    }
    marks.replaceChildren(...drawn, typed.slice(at), "\n");
    marks.scrollTop = text.scrollTop;
    const focused = document.activeElement?.closest?.(".chip")?.dataset.value;
    const shown = unique(typed, preview.findings);
    chips.replaceChildren(...shown.map(chip));
    if (focused) [...chips.children].find((one) => one.dataset.value === focused)?.querySelector("button")?.focus();
    found.hidden = shown.length === 0;
    if (count.textContent !== preview.summary) count.textContent = preview.summary;
    count.classList.toggle("blocked", Boolean(preview.blocked));
  }

  function unique(typed, findings) {
    const seen = new Map();
    for (const finding of findings) {
      const value = typed.slice(finding.start, finding.end);
      if (!seen.has(value)) seen.set(value, { ...finding, value });
    }
    for (const [value, finding] of struck) {
      if (typed.includes(value) && !seen.has(value)) seen.set(value, finding);
    }
    return [...seen.values()];
  }

  function chip(finding) {
    const item = document.createElement("li");
    item.className = "chip";
    item.dataset.verdict = finding.verdict;
    item.dataset.value = finding.value;
    const value = span("chip-value", finding.value);
    const kind = span("chip-kind", finding.label);
    const what = span("chip-what", "");
    what.append(span("", words[`js-verdict-${finding.verdict}`]));
    if (finding.may_strike || struck.has(finding.value)) what.append(strikeButton(finding));
    item.append(value, kind, what);
    return item;
  }

  function strikeButton(finding) {
    const off = struck.has(finding.value);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words[off ? "js-unstrike" : "js-strike"];
    button.setAttribute("aria-label", `${button.textContent}: ${finding.value}`);
    button.addEventListener("click", () => {
      if (off) struck.delete(finding.value);
      else struck.set(finding.value, { ...finding, verdict: "allow" });
      ask();
    });
    return button;
  }

  function span(classes, content) {
    const made = document.createElement("span");
    if (classes) made.className = classes;
    made.textContent = content;
    return made;
  }

  return {
    exempt,
    clear() {
      text.value = "";
      struck.clear();
      text.style.height = "";
      show("", { findings: [], summary: "" });
    },
    fill(typed) {
      text.value = typed;
      grow();
      ask();
    },
  };
}
