// OpenAI's newer formats through its client for JavaScript: responses, completions, embeddings.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import OpenAI from "openai";
import { startInstallation } from "../installation.mjs";

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const TEXT = `Mijn naam is ${NAME}, mijn e-mailadres is ${EMAIL} en mijn BSN is ${BSN}.\nZeg het "letterlijk" terug.`;
const tools = [{ type: "function", name: "save_note", strict: false, parameters: { type: "object", properties: { text: { type: "string" } } } }];

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
  for (const value of [NAME, EMAIL, BSN]) assert.ok(!received.includes(value.toLowerCase()), `the provider saw ${value}`);
}

test("a response comes back with the real values", async () => {
  const answer = await client.responses.create({ model: "echo", input: TEXT });
  assert.equal(answer.output_text, TEXT);
  await assertUnseen();
});

for (const model of ["echo-1", "echo-3", "echo"]) {
  test(`a streamed response says the same in every event when the model is ${model}`, async () => {
    const stream = client.responses.stream({ model, input: TEXT });
    let pieces = "";
    stream.on("response.output_text.delta", (event) => (pieces += event.delta));
    const final = await stream.finalResponse();
    assert.equal(final.output_text, TEXT);
    assert.equal(pieces, TEXT);
    await assertUnseen();
  });

  test(`a streamed call of a tool is whole when the model is ${model}`, async () => {
    const final = await client.responses.stream({ model, input: TEXT, tools }).finalResponse();
    const { text } = JSON.parse(final.output.at(-1).arguments);
    assert.ok(text.includes(NAME) && text.includes(EMAIL) && text.includes('"letterlijk"') && !text.includes(BSN), text);
    await assertUnseen();
  });

  test(`a streamed completion is whole when the model is ${model}`, async () => {
    let text = "";
    for await (const chunk of await client.completions.create({ model, prompt: TEXT, stream: true })) text += chunk.choices[0].text;
    assert.equal(text, TEXT);
    await assertUnseen();
  });
}

test("the same text gives the same vector", async () => {
  const alone = await client.embeddings.create({ model: "echo", input: TEXT });
  const beside = await client.embeddings.create({ model: "echo", input: ["Iets anders.", TEXT] });
  assert.deepEqual(beside.data[1].embedding, alone.data[0].embedding);
  await assertUnseen();
});

test("what builds on something kept, and what is closed, is refused with what to do", async () => {
  await assert.rejects(client.responses.create({ model: "echo", input: TEXT, previous_response_id: "resp_1" }), OpenAI.PermissionDeniedError);
  await assert.rejects(client.batches.list(), (error) => error instanceof OpenAI.NotFoundError && error.code === "endpoint_not_guarded");
});
