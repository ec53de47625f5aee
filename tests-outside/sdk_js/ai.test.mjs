// The AI SDK of Vercel with its providers for OpenAI (responses and chat) and Anthropic, unchanged, in front of the gateway.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { embed, generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";
import { startInstallation } from "../installation.mjs";

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const TEXT = `Mijn naam is ${NAME}, mijn e-mailadres is ${EMAIL} en mijn BSN is ${BSN}.\nZeg het "letterlijk" terug.`;
const tools = { save_note: tool({ description: "Bewaart een notitie.", inputSchema: z.object({ text: z.string() }) }) };

let house;
let ways;

before(async () => {
  house = await startInstallation();
  const openai = createOpenAI({ baseURL: `${house.address}/v1`, apiKey: house.gatewayKey });
  const anthropic = createAnthropic({ baseURL: `${house.address}/v1`, apiKey: house.gatewayKey });
  ways = { responses: openai.responses, chat: openai.chat, messages: anthropic, embedding: openai.textEmbeddingModel };
});
after(() => house?.close());
beforeEach(() => house.provider.forget());

async function assertUnseen() {
  const { requests } = await house.provider.seen();
  assert.ok(requests.length > 0, "the provider received nothing at all");
  const received = requests.map((row) => row.body).join("\n").toLowerCase();
  for (const value of [NAME, EMAIL, BSN]) assert.ok(!received.includes(value.toLowerCase()), `the provider saw ${value}`);
}

for (const way of ["responses", "chat", "messages"]) {
  const asked = (model = "echo-3") => ({ model: ways[way](model), prompt: TEXT, maxRetries: 0 });

  test(`a text is written by way of ${way}`, async () => {
    assert.equal((await generateText(asked())).text, TEXT);
    await assertUnseen();
  });

  test(`a text is streamed by way of ${way}`, async () => {
    for (const model of ["echo-1", "echo"]) assert.equal(await streamText(asked(model)).text, TEXT);
    await assertUnseen();
  });

  test(`a tool is called by way of ${way}`, async () => {
    const whole = (await generateText({ ...asked(), tools })).toolCalls;
    const streamed = await streamText({ ...asked(), tools }).toolCalls;
    for (const [call] of [whole, streamed]) {
      const { text } = call.input;
      assert.ok(text.includes(NAME) && text.includes(EMAIL) && text.includes('"letterlijk"') && !text.includes(BSN), text);
    }
    await assertUnseen();
  });
}

test("an object is written by way of responses", async () => {
  const { object } = await generateObject({ model: ways.responses("echo-3"), prompt: TEXT, schema: z.object({ text: z.string() }), maxRetries: 0 });
  assert.equal(object.text, TEXT);
  await assertUnseen();
});

test("a text is embedded", async () => {
  const { embedding } = await embed({ model: ways.embedding("echo"), value: TEXT, maxRetries: 0 });
  assert.equal(embedding.length, 8);
  await assertUnseen();
});
