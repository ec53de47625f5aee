// Invented people (people.json), and what nobody but the client may see of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const { text, picture, ...person } = JSON.parse(readFileSync(new URL("people.json", import.meta.url), "utf8"));
export const VALUES = Object.values(person);
export const { name: NAME, email: EMAIL } = person;
/** White, too small for a letter, and its author is EMAIL. */
export const PICTURE = Buffer.from(picture, "base64");
export const TEXT = text.replace(/\{(\w+)\}/g, (_, name) => person[name]);

/** No value of the text reached the provider. */
export async function assertUnseen(house) {
  const { requests } = await house.provider.seen();
  assert.ok(requests.length > 0, "the provider received nothing at all");
  assertSilent(requests.map((row) => row.body).join("\n"), "the provider saw");
}

export function assertSilent(said, what = "it says") {
  for (const value of VALUES) assert.ok(!said.toLowerCase().includes(value.toLowerCase()), `${what} ${value}`);
}

/** What a tool that was declared gets: everything that was typed. */
export function checkGiven(given) {
  assert.equal(given, TEXT);
}

/** One picture reached the provider, as a picture and without its author. */
export async function assertBarePicture(house) {
  const { requests } = await house.provider.seen();
  const sent = requests.map((row) => row.body).join("\n").match(/iVBORw0KGgo[0-9A-Za-z+/]*=*/g);
  assert.equal(sent?.length, 1);
  const bytes = Buffer.from(sent[0], "base64").toString("latin1");
  assert.ok(bytes.includes("IDAT") && bytes.endsWith("IEND\xaeB`\x82"));
  assert.ok(!bytes.includes("tEXt") && !bytes.includes(EMAIL));
}
