// A Lambda runtime: node loop.mjs MODULE FUNCTION. It asks for an event, has the function answer it, and asks again.
import { pathToFileURL } from "node:url";

const [, , module, name] = process.argv;
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = (path, body) => fetch(`${api}/${path}`, { method: "POST", body });
const document = (error) =>
  JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: error.stack.split("\n") });

let handler;
try {
  handler = (await import(pathToFileURL(module)))[name];
  if (typeof handler !== "function") throw new TypeError(`${module} exports no function ${name}`);
} catch (error) {
  await post("init/error", document(error));
  process.exit(1);
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  try {
    const answer = await handler(await next.json());
    await post(`invocation/${id}/response`, JSON.stringify(answer) ?? "null");
  } catch (error) {
    await post(`invocation/${id}/error`, document(error));
  }
}
