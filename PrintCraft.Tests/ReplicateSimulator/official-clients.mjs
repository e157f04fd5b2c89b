// Uses the simulator through the npm packages `replicate` and `standardwebhooks`, as they are published.
// node official-clients.mjs <folder with node_modules> <address of the simulator>
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [tools, address] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const Replicate = require("replicate");
const { validateWebhook } = Replicate;
const { Webhook } = require("standardwebhooks");

const version = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";
const replicate = new Replicate({ auth: "r8_official_client", baseUrl: `${address}/v1` });
const input = (prompt) => ({ prompt, width: 64, height: 64 });
const quickly = { interval: 20 };

const deliveries = [];
const awaited = [];
const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  response.writeHead(204).end();
  const delivery = { headers: request.headers, body };
  const waiting = awaited.shift();
  waiting ? waiting(delivery) : deliveries.push(delivery);
});
await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
const webhook = `http://127.0.0.1:${receiver.address().port}/hook`;
const nextDelivery = async () => deliveries.shift() ?? (await new Promise((arrived) => awaited.push(arrived)));

const steps = {
  async "create by version and wait"() {
    const created = await replicate.predictions.create({ version, input: input("a lake") });
    const ended = await replicate.wait(created, quickly);
    assert.equal(ended.status, "succeeded");
    assert.equal(ended.id, created.id);
    const file = Buffer.from(await (await fetch(ended.output[0])).arrayBuffer());
    assert.equal(file.subarray(1, 4).toString(), "PNG");
  },

  async "create by model, synchronously"() {
    const prediction = await replicate.predictions.create({
      model: "black-forest-labs/flux-schnell",
      input: { prompt: "a lake", output_format: "png", megapixels: "0.25" },
      wait: 10,
    });
    assert.equal(prediction.status, "succeeded");
    assert.equal(prediction.version, "hidden");
  },

  async "run tells the output, or why there is none"() {
    const output = await replicate.run(`stability-ai/sdxl:${version}`, { input: input("a hill") });
    assert.equal(output.length, 1);
    const failing = replicate.run(`stability-ai/sdxl:${version}`, { input: input("[sim: end=nsfw]") });
    await assert.rejects(failing, /Prediction failed: NSFW content detected/);
  },

  async "cancel"() {
    const created = await replicate.predictions.create({ version, input: input("[sim: slow=600]") });
    assert.equal((await replicate.predictions.cancel(created.id)).status, "canceled");
    assert.equal((await replicate.predictions.get(created.id)).status, "canceled");
  },

  async "list, page after page"() {
    const created = new Set();
    for (let i = 0; i < 105; i++) {
      created.add((await replicate.predictions.create({ version, input: input("many") })).id);
    }

    let pages = 0;
    for await (const page of replicate.paginate(replicate.predictions.list)) {
      pages++;
      page.forEach((prediction) => created.delete(prediction.id));
    }

    assert.equal(created.size, 0);
    assert.ok(pages > 1);
  },

  async "deployments"() {
    const config = { name: "mine", model: "stability-ai/sdxl", version, hardware: "gpu-t4", min_instances: 0, max_instances: 2 };
    const created = await replicate.deployments.create(config);
    assert.equal(created.current_release.number, 1);
    assert.deepEqual((await replicate.deployments.list()).results, [created]);
    const prediction = await replicate.deployments.predictions.create(created.owner, "mine", { input: input("a lake"), wait: true });
    assert.equal(prediction.status, "succeeded");
    const changed = await replicate.deployments.update(created.owner, "mine", { max_instances: 3 });
    assert.equal(changed.current_release.number, 2);
    assert.deepEqual(await replicate.deployments.get(created.owner, "mine"), changed);
    assert.equal(await replicate.deployments.delete(created.owner, "mine"), true);
    await assert.rejects(replicate.deployments.get(created.owner, "mine"), (error) => error.response.status === 404);
  },

  async "refusals are errors, and 429 is tried again"() {
    await assert.rejects(
      replicate.predictions.create({ version, input: {} }),
      (error) => error.response.status === 422 && /prompt is required/.test(error.message),
    );
    const created = await replicate.predictions.create({ version, input: input("[sim: status=429 times=2] busy") });
    assert.equal((await replicate.wait(created, quickly)).status, "succeeded");
  },

  async "webhooks are valid, and only true ones"() {
    const { key } = await replicate.webhooks.default.secret.get();
    const verifier = new Webhook(key);
    const order = (prompt) =>
      replicate.predictions.create({ version, input: input(prompt), webhook, webhook_events_filter: ["completed"] });

    const created = await order("a lake");
    const told = await nextDelivery();
    assert.equal(JSON.parse(told.body).id, created.id);
    assert.equal(await validateWebhook(told, key), true);
    assert.equal(await validateWebhook(new Request(webhook, { method: "POST", ...told }), key), true);
    assert.equal(verifier.verify(told.body, told.headers).id, created.id);

    const changed = told.body.replace("succeeded", "Succeeded");
    assert.equal(await validateWebhook({ ...told, body: changed }, key), false);
    assert.throws(() => verifier.verify(changed, told.headers), /No matching signature/);

    await order("[sim: webhook=forged]");
    const forged = await nextDelivery();
    assert.equal(await validateWebhook(forged, key), false);
    assert.throws(() => verifier.verify(forged.body, forged.headers), /No matching signature/);

    // Replicate's own validator does not look at the time; that is why the other one stands here too.
    await order("[sim: webhook=stale]");
    const stale = await nextDelivery();
    assert.equal(await validateWebhook(stale, key), true);
    assert.throws(() => verifier.verify(stale.body, stale.headers), /too old/);
  },
};

for (const [name, step] of Object.entries(steps)) {
  console.log(name);
  await step();
}

console.log("all steps done");
receiver.closeAllConnections();
receiver.close();
