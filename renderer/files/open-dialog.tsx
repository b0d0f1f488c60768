import { useState } from "react";
import type { FolderListing } from "../../src/host/contract.ts";
import { withServices } from "../host/services.ts";
import { openDialog } from "../stores/interface.ts";
import { Button, Dialog } from "../ui/index.ts";
import { FolderBrowser, joinPath } from "./folder-browser.tsx";
import "./files.css";

const isDocument = (name: string): boolean => /\.(netloom|json)$/i.test(name);

/** Chooses a document to open, where the system has no dialog of its own to offer. */
export function OpenDialog() {
  const [listing, setListing] = useState<FolderListing>();
  const [name, setName] = useState<string>();
  const close = () => openDialog(null);
  const choose = (chosen: string | undefined) => {
    if (listing === undefined || chosen === undefined) return;
    close();
    withServices(({ workspace }) => workspace.openPath(joinPath(listing.folder, chosen)));
  };
  return (
    <Dialog
      title="Open a document"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone="primary" disabled={name === undefined} onClick={() => choose(name)}>
            Open
          </Button>
        </>
      }
    >
      <FolderBrowser
        shows={isDocument}
        selected={name}
        onSelect={setName}
        onChoose={choose}
        onFolder={(next) => {
          setListing(next);
          setName(undefined);
        }}
      />
    </Dialog>
  );
}
