import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect } from "react";
import { type Toast, useInterface } from "../stores/interface.ts";
import { Button, IconButton } from "./button.tsx";
import "./toasts.css";

/** How long a message stays, in milliseconds; bad news stays until it is closed. */
const stay = { info: 5000, good: 5000, bad: undefined } as const;
const signs = { info: Info, good: CircleCheck, bad: CircleAlert } as const;

/** Messages, above the status bar; read out as they come. */
export function Toasts() {
  const toasts = useInterface((state) => state.toasts);
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const dismiss = useInterface((state) => state.dismiss);
  const { id, tone, text, action } = toast;
  useEffect(() => {
    const time = stay[tone];
    if (time === undefined) return;
    const timer = setTimeout(() => dismiss(id), action ? time * 2 : time);
    return () => clearTimeout(timer);
  }, [id, tone, action, dismiss]);
  const Sign = signs[tone];
  return (
    <div className="toast" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Sign size={16} />
      <p data-selectable>{text}</p>
      {action && (
        <Button
          tone="quiet"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Close" side="top" onClick={() => dismiss(id)}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
