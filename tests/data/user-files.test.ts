import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import type { UserContent } from "../../src/data/user.ts";
import { type Content, createUserFiles } from "../../src/data/user-files.ts";
import { testReader, utf8 } from "./reader.ts";

/** Files that begin as JPEGs do, a folder for each of two classes; their last byte is what the decoder below makes of them. */
const pictures = (shade: number): Uint8Array =>
  zipSync(
    Object.fromEntries(
      ["dark", "light"].flatMap((folder, c) =>
        Array.from({ length: 5 }, (_, i) => [`${folder}/${i}.jpg`, Uint8Array.of(0xff, 0xd8, 0xff, shade + 100 * c + i)]),
      ),
    ),
  );

/** A person's files over a decoder that counts. */
function counted(files: Record<string, Uint8Array>, most?: number) {
  const count = { decoded: 0, read: 0 };
  const reader = testReader(files, async (bytes) => {
    count.decoded++;
    return { width: 8, height: 8, data: new Uint8Array(256).fill(bytes.at(-1) ?? 0) };
  });
  const user = (name: string) => {
    count.read++;
    return reader.user(name);
  };
  const counting = { ...reader, user };
  return { count, reader: counting, files: createUserFiles(counting, most) };
}

const contentOf = (content: Content): UserContent => {
  if (!content.ok) throw new Error(JSON.stringify(content.problems));
  return content.content;
};

describe("pictures in a person's zip", () => {
  it("are decoded once, however often they are described and loaded, and by whatever name", async () => {
    const bytes = pictures(1);
    const { files, reader, count } = counted({ "pets.zip": bytes, "copy.zip": bytes.slice() });
    const dropped = contentOf(await files.read(bytes)).describe("pets.zip");
    expect(dropped).toMatchObject({ ok: true, info: { name: "pets.zip", title: "pets.zip", counts: { train: 8, test: 2 } } });
    files.renew();
    contentOf(await files.open("pets.zip")).describe("pets.zip");
    const first = await loadDataset({ name: "pets.zip", validation: 0, seed: 1 }, reader, files);
    const second = await loadDataset({ name: "pets.zip", validation: 0.25, seed: 2 }, reader, files);
    const copy = await loadDataset({ name: "copy.zip", validation: 0, seed: 3 }, reader, files);
    expect(count).toEqual({ decoded: 10, read: 2 });
    expect(copy).toEqual({ ...first, info: { ...first.info, name: "copy.zip", title: "copy.zip" } });
    expect(copy.splits.train.ports.x).toBe(first.splits.train.ports.x);
    expect(second.splits.validation.count).toBe(2);
    expect(second.hash).toBe(first.hash);
  });

  it("are decoded again once the file has others", async () => {
    const bytes: Record<string, Uint8Array> = { "pets.zip": pictures(1) };
    const { files, reader, count } = counted(bytes);
    const before = await loadDataset({ name: "pets.zip", validation: 0, seed: 1 }, reader, files);
    bytes["pets.zip"] = pictures(50);
    files.renew();
    const after = await loadDataset({ name: "pets.zip", validation: 0, seed: 1 }, reader, files);
    expect(count.decoded).toBe(20);
    expect(after.hash).not.toBe(before.hash);
  });

  it("give way to those used later, once they are more than may be kept", async () => {
    const perSet = 10 * (64 + 1) * 4;
    const { files, count } = counted({ a: pictures(1), b: pictures(2), c: pictures(3) }, 2 * perSet);
    for (const name of ["a", "b", "a", "c", "a"]) await files.open(name);
    expect(count.decoded).toBe(30);
    await files.open("b");
    expect(count.decoded).toBe(40);
  });
});

describe("a person's files", () => {
  it("that cannot be used say so each time, and one that is gone says that", async () => {
    const files: Record<string, Uint8Array> = { "empty.csv": utf8("") };
    const { files: opened, count } = counted(files);
    expect((await opened.open("empty.csv")).ok).toBe(false);
    expect((await opened.open("empty.csv")).ok).toBe(false);
    expect(count.read).toBe(1);
    delete files["empty.csv"];
    opened.renew();
    await expect(opened.open("empty.csv")).rejects.toThrow('There is no file "empty.csv" any more.');
  });

  it("with tables are described with any target", async () => {
    const table = utf8(`size,colour,price\n${Array.from({ length: 10 }, (_, i) => `${i},${i % 2 ? "red" : "blue"},${i * 1.5}`).join("\n")}\n`);
    const { files } = counted({ "t.csv": table });
    const content = contentOf(await files.open("t.csv"));
    expect(content.describe("t.csv", "price")).toMatchObject({ ok: true, target: "price" });
    expect(content.describe("t.csv")).toMatchObject({ ok: true, target: "colour" });
  });
});
