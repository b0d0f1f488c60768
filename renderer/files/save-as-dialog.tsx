import { type FormEvent, useId, useRef, useState } from "react";
import type { FolderListing } from "../../src/host/contract.ts";
import { withServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { Button, Dialog, Field, TextInput } from "../ui/index.ts";
import { FolderBrowser, joinPath } from "./folder-browser.tsx";
import { suggestedName } from "./workspace.ts";
import "./files.css";

/** Chooses where the document is saved; a file that is there already is only replaced when one says so. */
export function SaveAsDialog({ then }: { then?: (() => void) | undefined }) {
  const [listing, setListing] = useState<FolderListing>();
  const [name, setName] = useState(() => suggestedName(useDocument.getState().document));
  const [saving, setSaving] = useState(false);
  const form = useId();
  const close = () => openDialog(null);
  const full = /\.(netloom|json)$/i.test(name.trim()) ? name.trim() : `${name.trim()}.netloom`;
  const taken = listing?.files.some((file) => file.name === full) ?? false;
  const fault = name.trim() === "" ? "Give it a name." : /[/\\]/.test(name) ? "A file name has no slashes." : undefined;
  const replace = useRef<HTMLButtonElement>(null);
  /** Enter in the field replaces nothing yet: it only goes to the button that does. */
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken) replace.current?.focus();
    else save();
  };
  const save = () => {
    if (listing === undefined || fault !== undefined || saving) return;
    setSaving(true);
    withServices(async ({ workspace }) => {
      const saved = await workspace.saveTo(joinPath(listing.folder, full), null);
      setSaving(false);
      if (!saved) return;
      close();
      then?.();
    });
  };
  return (
    <Dialog
      title="Save as"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          {taken ? (
            <Button ref={replace} tone="danger" disabled={fault !== undefined || saving} onClick={save}>
              Replace the file
            </Button>
          ) : (
            <Button tone="primary" type="submit" form={form} disabled={listing === undefined || fault !== undefined || saving}>
              Save
            </Button>
          )}
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field
          label="Name"
          layout="column"
          {...(fault !== undefined && { error: fault })}
          {...(taken && { hint: `${full} is there already: saving replaces it.` })}
        >
          {({ id, describedBy, invalid }) => (
            <TextInput
              id={id}
              autoFocus
              value={name}
              maxLength={200}
              invalid={invalid}
              {...(describedBy !== undefined && { describedBy })}
              onChange={setName}
              onFocus={(event) => event.target.setSelectionRange(0, event.target.value.replace(/\.(netloom|json)$/i, "").length)}
            />
          )}
        </Field>
      </form>
      <FolderBrowser shows={(file) => /\.(netloom|json)$/i.test(file)} onFolder={setListing} onSelect={setName} />
    </Dialog>
  );
}
