// What a handler can do to its host, in JavaScript; `do` in the event says which.
export const handler = (event) => ACTS[event.do](event);
export const noFunction = "handler";

const forever = () => new Promise((resolve) => setTimeout(resolve, 600_000));

const ACTS = {
  sign: (event) => [...event.signed, "node"],
  pid: () => process.pid,
  raise: () => {
    throw new RangeError("no such order");
  },
  unwritable: () => 10n,
  "not JSON": () => "caf\ud800",
  decimal: () => 1.1,
  print: () => {
    console.log("to stdout");
    console.error("to stderr");
  },
  exit: () => process.exit(3),
  abort: () => process.reallyExit(7),
  die: () => {
    process.kill(process.pid, "SIGSEGV");
    return forever();
  },
  "32 769 characters": () => "x".repeat(32_767),
  "7 MiB": () => "x".repeat(7 * 2 ** 20),
  wait: forever,
  hold: async () => {
    const held = Buffer.alloc(600 * 2 ** 20, 1);
    await forever();
    return held.length;
  },
};
