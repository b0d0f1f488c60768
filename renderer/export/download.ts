/** Hands bytes to the browser as a file to save. */
export function saveBlob(name: string, bytes: Uint8Array<ArrayBuffer> | Blob, type: string): void {
  const blob = bytes instanceof Blob ? bytes : new Blob([bytes], { type });
  const address = URL.createObjectURL(blob);
  const link = window.document.createElement("a");
  link.href = address;
  link.download = name.replace(/[/\\:*?"<>|]+/g, " ");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
