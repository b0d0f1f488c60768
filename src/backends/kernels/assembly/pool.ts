import { dispatch } from "./dispatch";

/**
 * Carries out commands, alone or with helper threads.
 *
 * A command is a row of 32-bit words: opcode, length of the row, number of chunks, a spare word, then the arguments of its
 * kernel. The chunks of a command may be worked on in any order and at once. The thread that runs the program publishes a command
 * as a *ticket*: generation, number of chunks and the next chunk in one 64-bit word. Whoever adds one to it has taken that chunk,
 * and no other command can begin before it is done, so a thread that the system has put aside never holds up more than its chunk.
 */

// Each on a cache line of its own.
const TICKET: usize = 64;
const COMMAND: usize = 128;
const DONE: usize = 192;
const SLEEPERS: usize = 256;
const EPOCH: usize = 320;
const HELPERS: usize = 384;

const FIELD: i64 = 0xfffff;
/** Looks at the ticket before a helper goes to sleep: some tens of microseconds, longer than JavaScript takes between two commands. */
const PATIENCE: i32 = 20000;
/** Nanoseconds that the running thread sleeps when a helper that took the last chunk was put aside. */
const NAP: i64 = 50000;

/** Bytes of a command before its arguments. */
const HEAD: usize = 16;

let generation: i64 = 0;

/** Carries out `count` commands that lie one after the other from `command` on. */
export function run(command: usize, count: i32): void {
  const helpers = atomic.load<i32>(HELPERS) > 0;
  for (let i = 0; i < count; i++) {
    const chunks = load<i32>(command, 8);
    if (helpers && chunks > 1) share(command, chunks);
    else {
      const opcode = load<i32>(command);
      for (let chunk = 0; chunk < chunks; chunk++) dispatch(opcode, command + HEAD, chunk);
    }
    command += <usize>load<i32>(command, 4) << 2;
  }
}

function share(command: usize, chunks: i32): void {
  store<usize>(COMMAND, command);
  atomic.store<i32>(DONE, 0);
  generation = (generation + 1) & 0x7fffff;
  atomic.store<i64>(TICKET, (generation << 40) | ((<i64>chunks) << 20));
  if (atomic.load<i32>(SLEEPERS) > 0) {
    atomic.add<i32>(EPOCH, 1);
    atomic.notify(EPOCH, -1);
  }
  while (work()) {}
  let looks = 0;
  let done = atomic.load<i32>(DONE);
  while (done < chunks) {
    if (++looks > PATIENCE) atomic.wait<i32>(DONE, done, NAP);
    done = atomic.load<i32>(DONE);
  }
}

/** Takes a chunk and does it; false if there is none. */
function work(): bool {
  const ticket = atomic.add<i64>(TICKET, 1);
  const chunk = <i32>(ticket & FIELD);
  if (chunk >= <i32>((ticket >> 20) & FIELD)) return false;
  const command = load<usize>(COMMAND);
  dispatch(load<i32>(command), command + HEAD, chunk);
  atomic.add<i32>(DONE, 1);
  return true;
}

/** True if there is a chunk to take. Looking changes nothing, so that waiting threads leave the ticket alone. */
function available(): bool {
  const ticket = atomic.load<i64>(TICKET);
  return (ticket & FIELD) < ((ticket >> 20) & FIELD);
}

/** The life of a helper thread: it never returns. */
export function serve(): void {
  atomic.add<i32>(HELPERS, 1);
  let looks = 0;
  while (true) {
    if (available()) {
      work();
      looks = 0;
    } else if (++looks > PATIENCE) {
      const epoch = atomic.load<i32>(EPOCH);
      atomic.add<i32>(SLEEPERS, 1);
      if (!available()) atomic.wait<i32>(EPOCH, epoch, -1);
      atomic.sub<i32>(SLEEPERS, 1);
      looks = 0;
    }
  }
}
