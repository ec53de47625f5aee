// Runs the test data of detection through the WebAssembly module: node check.mjs MODULE.wasm
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const data = join(import.meta.dirname, '../../crates/waarborg-detect/testdata');
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { input, find, output, memory } = instance.exports;

function findings(text) {
  const bytes = Buffer.from(text);
  const place = input(bytes.length);
  new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
  const length = find();
  const answer = Buffer.from(new Uint8Array(memory.buffer, output(), length)).toString();
  return answer.split('\n').filter(Boolean).map((line) => {
    const [start, end, label] = line.split(' ');
    return `${label}:${bytes.subarray(+start, +end)}`;
  });
}

let n = 0;
let wrong = 0;
let left_out = 0;
for (const language of readdirSync(data)) {
  for (const file of readdirSync(join(data, language))) {
    for (const line of readFileSync(join(data, language, file), 'utf8').split('\n').filter(Boolean)) {
      const { text, not = [], own } = JSON.parse(line);
      // The module knows no recognisers of an organisation's own.
      if (own) {
        left_out += 1;
        continue;
      }
      const expected = [...text.matchAll(/\[\[([A-Z_]+)(?:\.[A-Z_]+)?:([^\]]*(?:\](?!\])[^\]]*)*)\]\]/g)].map((match) => `${match[1]}:${match[2]}`);
      const plain = text.replace(/\[\[[A-Z_]+(?:\.[A-Z_]+)?:([^\]]*(?:\](?!\])[^\]]*)*)\]\]/g, '$1');
      const found = findings(plain);
      const missing = expected.filter((value) => !found.includes(value));
      const near = found.filter((value) => not.includes(value.split(':')[0]));
      n += 1;
      if (missing.length + near.length > 0) {
        wrong += 1;
        console.log(`${language}/${file}: ${plain}\n    found ${found.join(' | ')}`);
      }
    }
  }
}
const text = 'Mevrouw Jansen uit Delft belde op 14 maart over haar rekening NL91ABNA0417164300. '.repeat(2000);
findings(text);
const before = performance.now();
findings(text);
const rate = text.length / 1000 / (performance.now() - before);
console.log(`${n} texts, ${wrong} wrong, ${left_out} left out that need a recogniser of one's own; ${rate.toFixed(1)} MB/s`);
process.exit(wrong > 0 || n < 80 ? 1 : 0);
