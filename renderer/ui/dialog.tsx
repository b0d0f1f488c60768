import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import "./dialog.css";

type Props = {
  title: string;
  /** One sentence under the title. */
  about?: string;
  onClose: () => void;
  size?: "small" | "medium" | "large";
  children: ReactNode;
  /** Buttons, at the foot, the primary one last. */
  footer?: ReactNode;
};

/** A dialog in the middle of the window: holds the focus, closes on Escape, gives the focus back. Mount it to open it. */
export function Dialog({ title, about, onClose, size = "medium", children, footer }: Props) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="dialog" data-size={size} onOpenAutoFocus={focusBody} {...(about ? {} : { "aria-describedby": undefined })}>
          <header className="dialog-head">
            <div>
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              {about && <Radix.Description className="dialog-about">{about}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" keys="Escape">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          <div className="dialog-body" data-selectable>
            {children}
          </div>
          {footer && <footer className="dialog-foot">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The focus begins at the first field of the dialog, or at the dialog itself: never at its closing button. */
function focusBody(event: Event): void {
  const content = event.target;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  const wanted = content.querySelector<HTMLElement>("[data-autofocus]");
  const field = content.querySelector<HTMLElement>(".dialog-body :is(input, textarea, [role=combobox]):not(:disabled)");
  (wanted ?? field ?? content).focus();
}
