import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type BackendValues, DataStorage, type DataType, engine, type TensorInfo } from "@tensorflow/tfjs-core";
import { createCommandList } from "./commands.ts";
import { type Buffer, bytesOf, type Emit, type Lowering, type Operand, sizeOf } from "./emit.ts";
import type { Machine } from "./machine.ts";

/**
 * tfjs's `wasm` backend, ours: tensors live in one memory that the kernels and all threads see. It is built on tfjs's own
 * JavaScript backend, whose kernels read views of that memory: what we have not written, tfjs computes.
 *
 * Ownership. A tensor's data are a block of the heap, or, until a kernel of ours needs them, the array that they came in.
 * The block is given back when the last reference goes.
 */
export class WasmBackend extends MathBackendCPU {
  readonly machine: Machine;
  /** Room for the commands of a single call. */
  #commands: number;
  #commandBytes = 4096;

  constructor(machine: Machine) {
    super();
    this.machine = machine;
    this.#commands = machine.heap.allocate(this.#commandBytes);
  }

  override write(values: BackendValues, _shape: number[], dtype: DataType): object {
    const dataId = {};
    this.data.set(dataId, { values, dtype, refCount: 1 });
    return dataId;
  }

  /** A copy: views of shared memory are not to be handed out. */
  override readSync(dataId: object): BackendValues {
    const values = super.readSync(dataId);
    return ArrayBuffer.isView(values) && values.buffer instanceof SharedArrayBuffer ? values.slice() : values;
  }

  override disposeData(dataId: object, force = false): boolean {
    const placed = this.#placed(dataId);
    const gone = super.disposeData(dataId, force);
    if (gone && placed?.address !== undefined && !placed.lent) this.machine.heap.free(placed.address);
    return gone;
  }

  override memory(): { numBytes: number; unreliable: boolean; reasons: string[] } {
    return { numBytes: this.machine.heap.used, unreliable: false, reasons: [] };
  }

  /** Ends the threads; the memory goes with the last reference to this backend. */
  override dispose(): void {
    this.machine.dispose();
    this.data = new DataStorage(this, engine());
  }

  /** A tensor of our own whose numbers are not set yet. */
  allocate(shape: readonly number[], dtype: DataType): TensorInfo {
    const address = this.machine.heap.allocate(bytesOf(shape, dtype));
    return { dataId: this.#place(address, sizeOf(shape), dtype), shape: [...shape], dtype };
  }

  /** Where a tensor's numbers lie; those still in an array of their own are copied into the memory first. */
  addressOf({ dataId, shape, dtype }: TensorInfo): number {
    const placed = this.#placed(dataId);
    if (placed === undefined) throw new Error("There is no such tensor on this backend.");
    if (placed.address === undefined) {
      const { values } = placed;
      placed.address = this.machine.heap.allocate(bytesOf(shape, dtype));
      const view = viewOf(this.machine, placed.address, sizeOf(shape), dtype);
      view.set(values as ArrayLike<number>);
      placed.values = view;
    }
    return placed.address;
  }

  /** A tensor over memory that belongs to somebody else, who outlives it. */
  lend(address: number, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = this.#place(address, sizeOf(shape), dtype, true);
    return { dataId, shape: [...shape], dtype };
  }

  /** Copies a tensor's numbers to an address. */
  copyTo(address: number, { dataId, shape, dtype }: TensorInfo): void {
    viewOf(this.machine, address, sizeOf(shape), dtype).set(this.data.get(dataId).values as ArrayLike<number>);
  }

  /** Runs one kernel call by its lowering; undefined if that does not know the case. */
  runLowered(lowering: Lowering, inputs: Readonly<Record<string, TensorInfo | undefined>>, attrs: object): TensorInfo | TensorInfo[] | undefined {
    const buffers = new Map<Buffer, TensorInfo>();
    const made: TensorInfo[] = [];
    const scratches = new Map<Buffer, number>();
    const commands = createCommandList();
    const operands: Record<string, Operand> = {};
    for (const [name, info] of Object.entries(inputs)) {
      if (info === undefined || info === null) continue;
      if (info.dtype === "complex64" || info.dtype === "string") return undefined;
      const buffer = { bytes: bytesOf(info.shape, info.dtype) };
      buffers.set(buffer, info);
      operands[name] = { shape: info.shape, dtype: info.dtype, buffer };
    }
    const emit: Emit = {
      output: (shape, dtype) => {
        const info = this.allocate(shape, dtype);
        const buffer = { bytes: bytesOf(shape, dtype) };
        buffers.set(buffer, info);
        made.push(info);
        return { shape, dtype, buffer };
      },
      scratch: (bytes) => {
        const buffer = { bytes };
        scratches.set(buffer, this.machine.heap.allocate(bytes));
        return buffer;
      },
      command: (opcode, chunks, ...args) => commands.add(opcode, chunks, args),
      inPlace: () => {},
    };
    const lowered = lowering(operands, attrs as Readonly<Record<string, unknown>>, emit);
    if (lowered === undefined) return undefined;
    for (const { at, buffer } of commands.addresses) {
      const info = buffers.get(buffer);
      commands.words[at] = info === undefined ? (scratches.get(buffer) ?? 0) : this.addressOf(info);
    }
    this.#run(commands.words, commands.count);
    for (const address of scratches.values()) this.machine.heap.free(address);
    const outputs = (Array.isArray(lowered) ? lowered : [lowered as Operand]).map(({ buffer, shape, dtype }: Operand): TensorInfo => {
      const info = buffers.get(buffer) as TensorInfo;
      if (!made.includes(info)) this.incRef(info.dataId);
      return { dataId: info.dataId, shape: [...shape], dtype };
    });
    return Array.isArray(lowered) ? outputs : outputs[0];
  }

  #run(words: readonly number[], count: number): void {
    if (count === 0) return;
    const { heap } = this.machine;
    if (words.length * 4 > this.#commandBytes) {
      heap.free(this.#commands);
      this.#commandBytes = words.length * 8;
      this.#commands = heap.allocate(this.#commandBytes);
    }
    heap.words.set(words, this.#commands >> 2);
    this.machine.run(this.#commands, count);
  }

  #place(address: number, size: number, dtype: DataType, lent = false): object {
    const dataId = {};
    const placed: Placed = { values: viewOf(this.machine, address, size, dtype), dtype, refCount: 1, address, lent };
    this.data.set(dataId, placed);
    return dataId;
  }

  #placed(dataId: object): Placed | undefined {
    return this.data.has(dataId) ? (this.data.get(dataId) as Placed) : undefined;
  }
}

/** What tfjs's JavaScript backend keeps of a tensor, and where it lies in the memory. */
interface Placed {
  values?: BackendValues;
  dtype: DataType;
  refCount: number;
  address?: number;
  /** The memory belongs to somebody else. */
  lent?: boolean;
}

/** A tensor's numbers as the JavaScript kernels take them. */
function viewOf({ heap }: Machine, address: number, size: number, dtype: DataType): Float32Array | Int32Array | Uint8Array {
  const { buffer } = heap.memory;
  if (dtype === "float32") return new Float32Array(buffer, address, size);
  if (dtype === "int32") return new Int32Array(buffer, address, size);
  if (dtype === "bool") return new Uint8Array(buffer, address, size);
  throw new Error(`Tensors of type ${dtype} do not lie in the kernels' memory.`);
}
