// The AI SDK of Vercel with its providers for OpenAI (responses and chat) and Anthropic, unchanged, in front of the gateway.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embed, generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";
import { startInstallation } from "../installation.mjs";

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const TEXT = `Mijn naam is ${NAME}, mijn e-mailadres is ${EMAIL} en mijn BSN is ${BSN}.\nZeg het "letterlijk" terug.`;
const note = tool({ description: "Bewaart een notitie.", inputSchema: z.object({ text: z.string() }) });
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

for (const way of ["chat", "messages"]) {
  test(`several tools are called at once by way of ${way}`, async () => {
    const asked = { model: ways[way]("parallel"), prompt: TEXT, maxRetries: 0, tools: { save_note: note, send_note: note } };
    for (const calls of [(await generateText(asked)).toolCalls, await streamText(asked).toolCalls]) {
      assert.deepEqual(calls.map((call) => call.toolName), ["save_note", "send_note"]);
      for (const { input } of calls) assert.ok(input.text.includes(NAME) && !input.text.includes(BSN), input.text);
    }
    await assertUnseen();
  });
}

for (const way of ["responses", "chat", "messages"]) {
  test(`what was used is told by way of ${way}`, async () => {
    const asked = { model: ways[way]("echo"), prompt: TEXT, maxRetries: 0 };
    for (const usage of [(await generateText(asked)).usage, await streamText(asked).usage]) {
      assert.deepEqual([usage.inputTokens, usage.outputTokens], [11, 7]);
    }
  });

  test(`a broken picture is refused with what to do by way of ${way}`, async () => {
    const picture = { type: "image", image: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]) };
    const asked = generateText({ model: ways[way]("echo"), messages: [{ role: "user", content: [{ type: "text", text: "Wie?" }, picture] }], maxRetries: 0 });
    await assert.rejects(asked, (error) => APICallError.isInstance(error) && error.statusCode === 400 && /Bewaar het opnieuw/.test(error.message));
    assert.equal((await house.provider.seen()).requests.length, 0);
  });

  test(`errors are those that the client knows by way of ${way}`, async () => {
    for (const [model, status, retryable] of [["error-429", 429, true], ["error-400", 400, false], ["error-500", 502, true]]) {
      const asked = generateText({ model: ways[way](model), prompt: TEXT, maxRetries: 0 });
      await assert.rejects(asked, (error) => APICallError.isInstance(error) && error.statusCode === status && error.isRetryable === retryable);
    }
  });
}

test("who stops listening stops the provider", async () => {
  const stop = new AbortController();
  const { textStream } = streamText({ model: ways.chat("slow"), prompt: TEXT, maxRetries: 0, abortSignal: stop.signal, onError() {} });
  for await (const _ of textStream) stop.abort();
  const until = Date.now() + 20_000;
  while (!(await house.provider.seen()).abandoned && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await house.provider.seen()).abandoned, 1);
});

test("a client that tries again gets its answer", async () => {
  const { text } = await generateText({ model: ways.chat("flaky-3"), prompt: TEXT, maxRetries: 2 });
  assert.equal(text, TEXT);
  assert.equal((await house.provider.seen()).requests.length, 4);
  await assertUnseen();
});

test("an object is written by way of chat", async () => {
  const { object } = await generateObject({ model: ways.chat("shaped"), prompt: TEXT, schema: z.object({ text: z.string() }), maxRetries: 0 });
  assert.equal(object.text, TEXT);
  await assertUnseen();
});

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
