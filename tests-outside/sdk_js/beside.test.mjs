// What only one client for JavaScript does, or what is asked beside answers; the ordinary flows stand in flows.test.mjs.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { embed, generateText } from "ai";
import OpenAI, { toFile } from "openai";
import { startInstallation } from "../installation.mjs";
import { assertUnseen, EMAIL, NAME, PICTURE, TEXT } from "../people.mjs";

const messages = [{ role: "user", content: TEXT }];

let house;
let client;
let ai;

before(async () => {
  house = await startInstallation();
  const about = { baseURL: `${house.address}/v1`, apiKey: house.gatewayKey };
  client = new OpenAI({ ...about, maxRetries: 0 });
  ai = createOpenAI(about);
});
after(() => house?.close());
beforeEach(() => house.provider.forget());

test("several answers are each restored", async () => {
  const answer = await client.chat.completions.create({ model: "echo", messages, n: 2 });
  assert.deepEqual(answer.choices.map((choice) => choice.message.content), [TEXT, TEXT]);
  await assertUnseen(house);
});

test("a picture by address is refused in the provider's shape", async () => {
  const parts = [{ type: "text", text: TEXT }, { type: "image_url", image_url: { url: "https://example.nl/kaart.png" } }];
  const asked = client.chat.completions.create({ model: "echo", messages: [{ role: "user", content: parts }] });
  await assert.rejects(asked, (error) => error instanceof OpenAI.BadRequestError && error.code === "content_not_inspectable");
  assert.equal((await house.provider.seen()).requests.length, 0);
});

/** The files of the one form that reached the provider, by field and name; none says anything of its author. */
async function bareFiles() {
  const { requests } = await house.provider.seen();
  assert.equal(requests.length, 1);
  const [{ body }] = requests;
  assert.ok(body.includes("IDAT") && !body.includes("tEXt") && !body.includes(EMAIL));
  return [...body.matchAll(/name="([^"]+)"; filename="([^"]+)"/g)].map(([, field, name]) => [field, name]).sort();
}

test("pictures are changed without what is written about them", async () => {
  const picture = () => toFile(PICTURE, `${NAME}.png`, { type: "image/png" });
  const place = ["mask", "mask.png"];
  // A form of this language writes the ends of lines so.
  const inForm = TEXT.replaceAll("\n", "\r\n");
  for (const [image, expected] of [
    [await picture(), [["image", "image.png"], place]],
    [[await picture(), await picture()], [["image[]", "image.png"], ["image[]", "image.png"], place]],
  ]) {
    await house.provider.forget();
    const answer = await client.images.edit({ model: "echo", image, mask: await picture(), prompt: TEXT, n: 2, user: EMAIL });
    assert.deepEqual(answer.data.map((one) => one.revised_prompt), [inForm, inForm]);
    assert.deepEqual(await bareFiles(), expected);
    await assertUnseen(house);
  }
  await house.provider.forget();
  const kinds = [];
  for await (const event of await client.images.edit({ model: "echo", image: await picture(), prompt: TEXT, stream: true, partial_images: 1 })) kinds.push(event.type);
  assert.deepEqual(kinds, ["image_edit.partial_image", "image_edit.completed"]);
  await house.provider.forget();
  const like = await client.images.createVariation({ model: "echo", image: await picture(), n: 2, user: EMAIL });
  assert.equal(like.data.length, 2);
  assert.deepEqual(await bareFiles(), [["image", "image.png"]]);
  await assertUnseen(house);
});

test("an unknown route is refused in the provider's shape", async () => {
  await assert.rejects(client.post("/assistants", { body: { instructions: TEXT } }), OpenAI.NotFoundError);
  assert.equal((await house.provider.seen()).requests.length, 0);
});

test("models are listed", async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.length > 0);
});

for (const model of ["echo-1", "echo"]) {
  test(`a streamed response says the same in every event when the model is ${model}`, async () => {
    const stream = client.responses.stream({ model, input: TEXT });
    let pieces = "";
    stream.on("response.output_text.delta", (event) => (pieces += event.delta));
    const final = await stream.finalResponse();
    assert.equal(final.output_text, TEXT);
    assert.equal(pieces, TEXT);
    await assertUnseen(house);
  });

  test(`a streamed completion is whole when the model is ${model}`, async () => {
    let text = "";
    for await (const chunk of await client.completions.create({ model, prompt: TEXT, stream: true })) text += chunk.choices[0].text;
    assert.equal(text, TEXT);
    await assertUnseen(house);
  });
}

test("what builds on something kept, and what is closed, is refused with what to do", async () => {
  await assert.rejects(client.responses.create({ model: "echo", input: TEXT, previous_response_id: "resp_1" }), OpenAI.PermissionDeniedError);
  await assert.rejects(client.fineTuning.jobs.list(), (error) => error instanceof OpenAI.NotFoundError && error.code === "endpoint_not_guarded");
});

test("the same text gives the same vector", async () => {
  const alone = await client.embeddings.create({ model: "echo", input: TEXT });
  const beside = await client.embeddings.create({ model: "echo", input: ["Iets anders.", TEXT] });
  assert.deepEqual(beside.data[1].embedding, alone.data[0].embedding);
  const { embedding } = await embed({ model: ai.textEmbeddingModel("echo"), value: TEXT, maxRetries: 0 });
  assert.deepEqual(embedding, alone.data[0].embedding);
  await assertUnseen(house);
});

test("the gateway tries again before the client does", async () => {
  const { text } = await generateText({ model: ai.chat("flaky-3"), prompt: TEXT, maxRetries: 2 });
  assert.equal(text, TEXT);
  // Two attempts of the gateway make one of the client.
  assert.equal((await house.provider.seen()).requests.length, 4);
  await assertUnseen(house);
});

test("what was thought comes back unaltered", async () => {
  const other = await startInstallation({ provider: "anthropic" });
  try {
    const anthropic = new Anthropic({ baseURL: other.address, apiKey: other.gatewayKey, maxRetries: 0 });
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const message = await anthropic.messages.stream({ model: "echo", max_tokens: 2048, messages, thinking }).finalMessage();
    assert.ok(message.content[0].signature.length > 0 && !message.content[0].thinking.includes(NAME));
    assert.equal(message.content[1].text, TEXT);
    await assertUnseen(other);
  } finally {
    await other.close();
  }
});
