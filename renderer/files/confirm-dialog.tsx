import type { ConfirmRequest } from "../stores/interface.ts";
import { openDialog } from "../stores/interface.ts";
import { Button, Dialog } from "../ui/index.ts";
import "./files.css";

/** A question with a few answers. Escape and the cross do nothing but close. */
export function ConfirmDialog({ confirm }: { confirm: ConfirmRequest }) {
  const { title, text, choices } = confirm;
  return (
    <Dialog
      title={title}
      size={text.length > 300 ? "medium" : "small"}
      onClose={() => openDialog(null)}
      footer={choices.map(({ label, tone, run }, i) => (
        <Button
          key={label}
          tone={i === choices.length - 1 ? (tone ?? "primary") : "plain"}
          className={tone === "danger" && i < choices.length - 1 ? "button-danger-text" : ""}
          autoFocus={i === choices.length - 1}
          onClick={() => {
            openDialog(null);
            run();
          }}
        >
          {label}
        </Button>
      ))}
    >
      <p className="confirm-text">{text}</p>
    </Dialog>
  );
}
