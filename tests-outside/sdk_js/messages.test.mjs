// Anthropic's client for JavaScript, unchanged, in front of the gateway; a provider that records behind it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { startInstallation } from "../installation.mjs";

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const TEXT = `Mijn naam is ${NAME}, mijn e-mailadres is ${EMAIL} en mijn BSN is ${BSN}.\nZeg het "letterlijk" terug.`;
const asked = { max_tokens: 2048, messages: [{ role: "user", content: TEXT }] };
const tools = [{ name: "save_note", input_schema: { type: "object", properties: { text: { type: "string" } } } }];

let house;
let client;

before(async () => {
  house = await startInstallation({ provider: "anthropic" });
  client = new Anthropic({ baseURL: house.address, apiKey: house.gatewayKey, maxRetries: 0 });
});
after(() => house?.close());
beforeEach(() => house.provider.forget());

async function assertUnseen() {
  const { requests } = await house.provider.seen();
  assert.ok(requests.length > 0, "the provider received nothing at all");
  const received = requests.map((row) => row.body).join("\n").toLowerCase();
  for (const value of [NAME, EMAIL, BSN]) assert.ok(!received.includes(value.toLowerCase()), `the provider saw ${value}`);
}

test("a message comes back with the real values", async () => {
  const answer = await client.messages.create({ ...asked, model: "echo" });
  assert.equal(answer.content[0].text, TEXT);
  await assertUnseen();
});

for (const model of ["echo-1", "echo-3", "echo"]) {
  test(`a streamed message is whole when the model is ${model}`, async () => {
    const stream = client.messages.stream({ ...asked, model });
    assert.equal(await stream.finalText(), TEXT);
    await assertUnseen();
  });

  test(`a streamed tool call is whole when the model is ${model}`, async () => {
    const message = await client.messages.stream({ ...asked, model, tools }).finalMessage();
    const { text } = message.content[0].input;
    assert.ok(text.includes(NAME) && text.includes(EMAIL) && text.includes('"letterlijk"') && !text.includes(BSN), text);
    await assertUnseen();
  });
}

test("what was thought comes back unaltered", async () => {
  const thinking = { type: "enabled", budget_tokens: 1024 };
  const message = await client.messages.stream({ ...asked, model: "echo", thinking }).finalMessage();
  assert.ok(message.content[0].signature.length > 0 && !message.content[0].thinking.includes(NAME));
  assert.equal(message.content[1].text, TEXT);
});

test("errors are those that the client knows", async () => {
  await assert.rejects(client.messages.create({ ...asked, model: "error-429" }), Anthropic.RateLimitError);
  const stranger = new Anthropic({ baseURL: house.address, apiKey: "wbg_fout", maxRetries: 0 });
  await assert.rejects(stranger.messages.create({ ...asked, model: "echo" }), Anthropic.AuthenticationError);
});
