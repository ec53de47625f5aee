// The OpenAI client for JavaScript, unchanged, in front of the gateway; a provider that records behind it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import OpenAI from "openai";
import { startInstallation } from "../installation.mjs";

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const IBAN = "NL91ABNA0417164300";
const TEXT = `Mijn naam is ${NAME}, mijn e-mailadres is ${EMAIL} en mijn BSN is ${BSN}.\nMaak het over op IBAN ${IBAN}; zeg het "letterlijk" terug.`;
const messages = [{ role: "user", content: TEXT }];
const tools = [
  { type: "function", function: { name: "save_note", parameters: { type: "object", properties: { text: { type: "string" } } } } },
];

let house;
let client;

before(async () => {
  house = await startInstallation();
  client = new OpenAI({ baseURL: `${house.address}/v1`, apiKey: house.gatewayKey, maxRetries: 0 });
});
after(() => house?.close());
beforeEach(() => house.provider.forget());

async function assertUnseen() {
  const { requests } = await house.provider.seen();
  assert.ok(requests.length > 0, "the provider received nothing at all");
  const received = requests.map((row) => row.body).join("\n").toLowerCase();
  for (const value of [NAME, EMAIL, BSN, IBAN]) assert.ok(!received.includes(value.toLowerCase()), `the provider saw ${value}`);
}

test("an answer comes back with the real values and the provider never saw them", async () => {
  const answer = await client.chat.completions.create({ model: "echo", messages });
  assert.equal(answer.choices[0].message.content, TEXT);
  await assertUnseen();
});

for (const model of ["echo-1", "echo-2", "echo-5", "echo"]) {
  test(`a streamed answer is whole when the model is ${model}`, async () => {
    let text = "";
    let nPieces = 0;
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      const piece = chunk.choices[0]?.delta?.content;
      if (piece) {
        text += piece;
        nPieces += 1;
      }
    }
    assert.equal(text, TEXT);
    assert.ok(nPieces > 3, "the answer was not streamed");
    await assertUnseen();
  });
}

test("the helper that gathers a stream gives the whole message", async () => {
  const stream = client.chat.completions.stream({ model: "echo-3", messages, stream_options: { include_usage: true } });
  const whole = await stream.finalChatCompletion();
  assert.equal(whole.choices[0].message.content, TEXT);
  assert.equal(whole.usage.total_tokens, 18);
});

test("several answers are each restored", async () => {
  const answer = await client.chat.completions.create({ model: "echo", messages, n: 2 });
  assert.deepEqual(answer.choices.map((choice) => choice.message.content), [TEXT, TEXT]);
});

test("parts of a message are all looked at", async () => {
  const parts = [
    { type: "text", text: TEXT },
    { type: "image_url", image_url: { url: "https://example.nl/kaart.png" } },
  ];
  await client.chat.completions.create({ model: "echo", messages: [{ role: "user", content: parts }] }).catch((error) => {
    assert.ok(error instanceof OpenAI.APIError, "an image that cannot be looked at may be refused, in the provider's shape");
  });
  const { requests } = await house.provider.seen();
  for (const row of requests) assert.ok(!row.body.includes(BSN));
});

test("streamed tool arguments are JSON, with the name and without the national number", async () => {
  let text = "";
  for await (const chunk of await client.chat.completions.create({ model: "echo-3", messages, tools, stream: true })) {
    for (const call of chunk.choices[0]?.delta?.tool_calls ?? []) text += call.function?.arguments ?? "";
  }
  const said = JSON.parse(text).text;
  assert.ok(said.includes(NAME), said);
  assert.ok(!said.includes(BSN), "a national number was restored into a tool call");
  await assertUnseen();
});

test("leaving a stream stops the provider", async () => {
  const stream = await client.chat.completions.create({ model: "slow", messages, stream: true });
  for await (const _ of stream) break;
  stream.controller.abort();
  const until = Date.now() + 20_000;
  let abandoned = 0;
  while (!abandoned && Date.now() < until) {
    ({ abandoned } = await house.provider.seen());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(abandoned, 1);
});

test("a wrong key and an unknown route are refused in the provider's shape", async () => {
  const stranger = new OpenAI({ baseURL: `${house.address}/v1`, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.chat.completions.create({ model: "echo", messages }), OpenAI.AuthenticationError);
  await assert.rejects(client.post("/assistants", { body: { instructions: TEXT } }), OpenAI.NotFoundError);
  assert.equal((await house.provider.seen()).requests.length, 0);
});

test("models are listed", async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.length > 0);
});
