// Reads the stream of an answer and makes elements of it. Nothing in an answer is ever parsed as
// HTML: the server sends a tree of known kinds, and each kind becomes one known element.

export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const lines = rest.slice(0, end).split("\n");
      rest = rest.slice(end + 2);
      let name = "message";
      let data = "";
      for (const line of lines) {
        if (line.startsWith("event: ")) name = line.slice(7);
        else if (line.startsWith("data: ")) data += line.slice(6);
      }
      if (data !== "") yield { name, data: JSON.parse(data) };
    }
  }
}

export function elementsOf(blocks) {
  return blocks.map(blockElement);
}

function make(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function blockElement(block) {
  switch (block.t) {
    case "p": return make("p", ...inlines(block.c));
    case "h": return make(block.level <= 2 ? "h2" : block.level === 3 ? "h3" : "h4", ...inlines(block.c));
    case "list": {
      const items = block.items.map((item) => make("li", ...inlines(item)));
      const list = make(block.start === null ? "ul" : "ol", ...items);
      if (block.start !== null) list.start = block.start;
      return list;
    }
    case "code": {
      const pre = make("pre", make("code", block.text));
      pre.tabIndex = 0;
      return pre;
    }
    case "quote": return make("blockquote", make("p", ...inlines(block.c)));
    case "table": return table(block);
    case "rule": return make("hr");
    default: return make("p");
  }
}

function table(block) {
  const heads = block.head.map((cell) => {
    const head = make("th", ...inlines(cell));
    head.scope = "col";
    return head;
  });
  const rows = block.rows.map((row) => make("tr", ...row.map((cell) => make("td", ...inlines(cell)))));
  const scroller = make("div", make("table", make("thead", make("tr", ...heads)), make("tbody", ...rows)));
  scroller.className = "scroller";
  scroller.tabIndex = 0;
  return scroller;
}

function inlines(pieces) {
  return pieces.map((piece) => {
    switch (piece.t) {
      case "text": return piece.s;
      case "strong": return make("strong", ...inlines(piece.c));
      case "em": return make("em", ...inlines(piece.c));
      case "code": return make("code", piece.s);
      case "br": return make("br");
      case "link": return link(piece);
      default: return "";
    }
  });
}

function link(piece) {
  if (!/^(https?:\/\/|mailto:)/i.test(piece.href)) return piece.s;
  const anchor = make("a", piece.s);
  anchor.href = piece.href;
  anchor.rel = "noreferrer noopener nofollow";
  anchor.target = "_blank";
  if (piece.s !== piece.host) {
    const host = make("span", ` (${piece.host})`);
    host.className = "host";
    anchor.append(host);
  }
  return anchor;
}

export function textOf(node) {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(textOf).join("");
  if (node.t === "list") return node.items.map(textOf).join("\n");
  if (node.t === "table") return [node.head, ...node.rows].map((row) => row.map(textOf).join(" ")).join("\n");
  if (node.t === "br") return " ";
  return node.s ?? node.text ?? textOf(node.c ?? []);
}
