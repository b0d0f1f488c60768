import { micro } from "./elementwise-micro";
import { BLOCK, BOOL, FLOAT32, FULL, IMMEDIATE, INT32, ROW, SCALAR, SLOTS, STRIDED } from "./elementwise-opcodes";
import { scratch } from "./scratch";

/**
 * A group of elementwise operations, carried out block by block, so that what is only passed on never leaves the cache.
 *
 * Words: elements, elements of a chunk, operands, outputs, micro-operations; then
 * operands: kind | type << 8, address (IMMEDIATE: the number's bits), for ROW the period, for STRIDED sizes 1–3 and strides 0–3;
 * outputs: type, address;
 * micro-operations: code | to << 8 | a << 16 | b << 24, and c, all slots.
 *
 * Slots are numbered from the operands over the outputs to the registers. For each block a slot has a place and a step: an operand
 * that is full float32 is read where it lies and such an output written where it goes; all else passes through scratch memory.
 */
const ELEMENTS: usize = 0;
const PER_CHUNK: usize = 4;
const OPERANDS: usize = 8;
const OUTPUTS: usize = 12;
const OPERATIONS: usize = 16;
const FIRST: usize = 20;

/** Bytes of a register; not a power of two, so that registers do not share cache sets. */
const REGISTER: usize = BLOCK * 4 + 128;
/** Bytes of a row that is repeated: as many whole periods as any block may look at. */
const REPEATED: usize = BLOCK * 8 + 192;

/** Where the present block of a slot is, and how far to move on after 64 bytes. */
@inline
function place(slot: i32): usize {
  return scratch + (<usize>slot << 3);
}

@inline
function register(slot: i32): usize {
  return scratch + <usize>SLOTS * 8 + <usize>slot * REGISTER;
}

@inline
function repeated(slot: i32): usize {
  return scratch + <usize>SLOTS * (8 + REGISTER) + <usize>slot * REPEATED;
}

@inline
function wordsOf(kind: i32): usize {
  return kind == ROW ? 12 : kind == STRIDED ? 36 : 8;
}

export function group(args: usize, chunk: i32): void {
  const perChunk = load<i32>(args, PER_CHUNK);
  const operands = load<i32>(args, OPERANDS);
  const outputs = load<i32>(args, OUTPUTS);
  const operations = load<i32>(args, OPERATIONS);
  const first = chunk * perChunk;
  const last = min(load<i32>(args, ELEMENTS), first + perChunk);
  for (let slot = 0; slot < SLOTS; slot++) {
    store<usize>(place(slot), register(slot));
    store<usize>(place(slot), 64, 4);
  }
  let at = args + FIRST;
  for (let slot = 0; slot < operands; slot++) {
    const kind = load<i32>(at) & 0xff;
    if (kind == SCALAR) hold(slot, numberAt(load<i32>(at) >> 8, load<u32>(at, 4), 0));
    else if (kind == IMMEDIATE) hold(slot, load<f32>(at, 4));
    else if (kind == ROW && load<i32>(at, 8) < BLOCK) repeat(slot, load<i32>(at) >> 8, load<u32>(at, 4), load<i32>(at, 8), last - first);
    at += wordsOf(kind);
  }
  const written = at;
  const program = written + (<usize>outputs << 3);
  const stop = program + (<usize>operations << 3);
  for (let start = first; start < last; start += BLOCK) {
    const n = min(BLOCK, last - start);
    bring(args + FIRST, operands, start, n);
    const direct = (n & 15) == 0;
    for (let i = 0; i < outputs; i++) {
      const output = written + (<usize>i << 3);
      if (direct && load<i32>(output) == FLOAT32) store<usize>(place(operands + i), load<usize>(output, 4) + (<usize>start << 2));
      else store<usize>(place(operands + i), register(operands + i));
    }
    const bytes = (<usize>n * 4 + 63) & ~63;
    for (let step = program; step < stop; step += 8) {
      const word = load<u32>(step);
      const to = load<usize>(place((word >> 8) & 0xff));
      const a = place((word >> 16) & 0xff);
      const b = place(word >> 24);
      const c = place(load<i32>(step, 4));
      micro(
        word & 0xff,
        to,
        to + bytes,
        load<usize>(a),
        load<usize>(a, 4),
        load<usize>(b),
        load<usize>(b, 4),
        load<usize>(c),
        load<usize>(c, 4),
      );
    }
    for (let i = 0; i < outputs; i++) {
      const output = written + (<usize>i << 3);
      const type = load<i32>(output);
      if (!direct || type != FLOAT32) keep(type, load<usize>(output, 4), register(operands + i), start, n);
    }
  }
}

/** A number, sixteen times, for all blocks. */
function hold(slot: i32, x: f32): void {
  const at = register(slot);
  const splat = f32x4.splat(x);
  v128.store(at, splat);
  v128.store(at, splat, 16);
  v128.store(at, splat, 32);
  v128.store(at, splat, 48);
  store<usize>(place(slot), 0, 4);
}

@inline
function numberAt(type: i32, address: usize, index: usize): f32 {
  if (type == FLOAT32) return load<f32>(address + (index << 2));
  if (type == INT32) return <f32>load<i32>(address + (index << 2));
  return <f32>load<u8>(address + index);
}

/** A short row, repeated so often that every block finds its numbers side by side. */
function repeat(slot: i32, type: i32, address: usize, period: i32, elements: i32): void {
  const to = repeated(slot);
  for (let i = 0; i < period; i++) store<f32>(to + (<usize>i << 2), numberAt(type, address, i));
  const end = to + (<usize>(period + min(elements, BLOCK)) << 2);
  let from = to;
  let next = to + (<usize>period << 2);
  if (period < 4) {
    for (; next < to + 64; next += 4, from += 4) store<f32>(next, load<f32>(from));
    // Whole periods back, and a vector or more.
    from = next - (<usize>period << 4);
  }
  for (; next < end; next += 16, from += 16) v128.store(next, v128.load(from));
}

/** Puts the operands' numbers for a block in their places. */
function bring(at: usize, operands: i32, start: i32, n: i32): void {
  for (let slot = 0; slot < operands; slot++) {
    const kind = load<i32>(at) & 0xff;
    const type = load<i32>(at) >> 8;
    const address = load<usize>(at, 4);
    if (kind == FULL) {
      if (type == FLOAT32 && (n & 15) == 0) store<usize>(place(slot), address + (<usize>start << 2));
      else {
        store<usize>(place(slot), register(slot));
        convert(type, address, start, register(slot), n);
      }
    } else if (kind == ROW) {
      const period = load<i32>(at, 8);
      const offset = start % period;
      if (period < BLOCK) store<usize>(place(slot), repeated(slot) + (<usize>offset << 2));
      else if (type == FLOAT32 && offset + ((n + 15) & ~15) <= period) store<usize>(place(slot), address + (<usize>offset << 2));
      else {
        const before = min(n, period - offset);
        store<usize>(place(slot), register(slot));
        convert(type, address, offset, register(slot), before);
        convert(type, address, 0, register(slot) + (<usize>before << 2), n - before);
      }
    } else if (kind == STRIDED) spread(at, register(slot), start, n);
    at += wordsOf(kind);
  }
}

/** Copies numbers as float32. */
function convert(type: i32, address: usize, start: i32, to: usize, n: i32): void {
  if (type == FLOAT32) memory.copy(to, address + (<usize>start << 2), <usize>n << 2);
  else if (type == INT32) {
    const from = address + (<usize>start << 2);
    for (let i: usize = 0; i < <usize>n << 2; i += 4) store<f32>(to + i, <f32>load<i32>(from + i));
  } else {
    const from = address + <usize>start;
    let i: usize = 0;
    for (; i + 4 <= <usize>n; i += 4) {
      const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from + i)));
      v128.store(to + (i << 2), f32x4.convert_i32x4_s(wide));
    }
    for (; i < <usize>n; i++) store<f32>(to + (i << 2), <f32>load<u8>(from + i));
  }
}

/** Numbers of an operand that is broadcast along some of four dimensions. */
function spread(at: usize, to: usize, start: i32, n: i32): void {
  const type = load<i32>(at) >> 8;
  const address = load<usize>(at, 4);
  const size1 = load<i32>(at, 8);
  const size2 = load<i32>(at, 12);
  const size3 = load<i32>(at, 16);
  const stride3 = load<i32>(at, 32);
  let i3 = start % size3;
  let rest = start / size3;
  let i2 = rest % size2;
  rest /= size2;
  let i1 = rest % size1;
  let i0 = rest / size1;
  const end = to + (<usize>n << 2);
  while (to < end) {
    const from = i0 * load<i32>(at, 20) + i1 * load<i32>(at, 24) + i2 * load<i32>(at, 28) + i3 * stride3;
    const stop = min(end, to + (<usize>(size3 - i3) << 2));
    // Whole vectors may run over the stop: the next numbers come on top, and registers have room.
    if (stride3 == 0) {
      const splat = f32x4.splat(numberAt(type, address, from));
      for (let p = to; p < stop; p += 16) v128.store(p, splat);
    } else if (type == FLOAT32) {
      let source = address + (<usize>from << 2);
      let p = to;
      for (; p + 16 <= stop; p += 16, source += 16) v128.store(p, v128.load(source));
      for (; p < stop; p += 4, source += 4) store<f32>(p, load<f32>(source));
    } else {
      for (let p = to, i = <usize>from; p < stop; p += 4, i++) store<f32>(p, numberAt(type, address, i));
    }
    to = stop;
    i3 = 0;
    if (++i2 == size2) {
      i2 = 0;
      if (++i1 == size1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

/** Writes a block of an output that could not be computed where it goes. */
function keep(type: i32, address: usize, from: usize, start: i32, n: i32): void {
  if (type == FLOAT32) memory.copy(address + (<usize>start << 2), from, <usize>n << 2);
  else if (type == INT32) {
    const to = address + (<usize>start << 2);
    for (let i: usize = 0; i < <usize>n << 2; i += 4) store<i32>(to + i, <i32>load<f32>(from + i));
  } else {
    const to = address + <usize>start;
    for (let i: usize = 0; i < <usize>n; i++) store<u8>(to + i, load<f32>(from + (i << 2)) != 0 ? 1 : 0);
  }
}
