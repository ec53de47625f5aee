// The page of numbers reads itself again every five seconds, until somebody stops it, or for half an hour: after that
// probably nobody looks.

const every = 5000;
const most = 360;
const button = document.getElementById("live-stop");
const state = document.getElementById("live-state");
const numbers = document.getElementById("live");
let goes = true;
let times = 0;

function show(word) {
  const text = state.dataset[word];
  // The same words again would be read out again.
  if (state.textContent !== text) state.textContent = text;
  button.textContent = goes ? button.dataset.stop : button.dataset.go;
}

// The same page, as the browser itself reads it: no text becomes HTML here.
function read() {
  return new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", location.pathname + location.search);
    asked.responseType = "document";
    asked.timeout = every;
    asked.onloadend = () => done(asked.status === 200 ? asked.response?.getElementById("live") ?? null : null);
    asked.send();
  });
}

// Only what is different is written, so that nobody loses their place in a table or what they selected.
function take(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  const [there, here] = [[...old.childNodes], [...fresh.childNodes]];
  const isAlike = there.length === here.length && there.every((node, place) => node.nodeName === here[place].nodeName);
  if (isAlike) there.forEach((node, place) => take(node, here[place]));
  else old.replaceChildren(...here);
}

async function again() {
  const fresh = await read();
  if (!goes) return;
  if (fresh) take(numbers, fresh);
  show(fresh ? "goes" : "away");
}

button.hidden = false;
show("goes");
button.addEventListener("click", () => {
  goes = !goes;
  times = 0;
  show(goes ? "goes" : "stands");
  if (goes) again();
});
setInterval(() => {
  if (!goes || document.hidden) return;
  times += 1;
  if (times > most) {
    goes = false;
    show("stands");
    return;
  }
  again();
}, every);
