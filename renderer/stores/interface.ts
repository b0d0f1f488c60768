import { create } from "zustand";

/** How the window stands: theme, panels, the dialog that is open, messages. Nothing of this is in the document. */

export type Theme = "system" | "light" | "dark";
export type LeftTab = "layers" | "blocks" | "data" | "runs";
/** What the bottom panel shows of a network that writes text: its curves, or the text. */
export type DeskView = "curves" | "text";
export type PanelSide = "left" | "right" | "bottom";

/** The dialog that is open; `renderer/dialogs.tsx` draws it. */
export type DialogState =
  | { readonly kind: "gallery" }
  | { readonly kind: "open" }
  | { readonly kind: "save-as"; readonly then?: () => void }
  | { readonly kind: "export"; readonly run?: string }
  | { readonly kind: "analyses"; readonly chosen?: number }
  /** Start from another run's weights: from this one, if it is named. */
  | { readonly kind: "carry-over"; readonly run?: string }
  | { readonly kind: "backends" }
  /** Byte-pair encoding step by step, of a data set's text if one is named. */
  | { readonly kind: "tokens"; readonly data?: string }
  | { readonly kind: "recovery" }
  | { readonly kind: "confirm"; readonly confirm: ConfirmRequest }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "palette" }
  | { readonly kind: "find" };

export interface ConfirmRequest {
  readonly title: string;
  readonly text: string;
  /** From the safest to the one that does it; Escape does nothing. The last is the primary button. */
  readonly choices: readonly { readonly label: string; readonly tone?: "danger"; run(): void }[];
}

export interface ToastAction {
  readonly label: string;
  run(): void;
}
export interface Toast {
  readonly id: number;
  readonly tone: "info" | "good" | "bad";
  readonly text: string;
  readonly action?: ToastAction;
}

export interface InterfaceState {
  readonly theme: Theme;
  readonly leftTab: LeftTab;
  readonly folded: Readonly<Record<PanelSide, boolean>>;
  /** Width or height in pixels, as left by the person. */
  readonly sizes: Readonly<Record<PanelSide, number>>;
  readonly deskView: DeskView;
  readonly minimap: boolean;
  readonly problemsOpen: boolean;
  readonly dialog: DialogState | null;
  readonly toasts: readonly Toast[];

  setTheme(theme: Theme): void;
  showTab(tab: LeftTab): void;
  fold(side: PanelSide, folded?: boolean): void;
  resize(side: PanelSide, pixels: number): void;
  showDesk(view: DeskView): void;
  setMinimap(shown: boolean): void;
  showProblems(open: boolean): void;
  openDialog(dialog: DialogState | null): void;
  /** Shows a message; it goes by itself unless it is bad news. Returns its id. */
  notify(toast: Omit<Toast, "id">): number;
  dismiss(id: number): void;
}

/** What is remembered from one start to the next. */
export type Remembered = Pick<InterfaceState, "theme" | "leftTab" | "folded" | "sizes" | "minimap">;

/** Height that a text and its settings need. */
const textHeight = 310;

let lastToast = 0;

export const useInterface = create<InterfaceState>()((set) => ({
  theme: "system",
  leftTab: "layers",
  folded: { left: false, right: false, bottom: false },
  sizes: { left: 236, right: 312, bottom: 232 },
  deskView: "curves",
  minimap: true,
  problemsOpen: false,
  dialog: null,
  toasts: [],

  setTheme: (theme) => set({ theme }),
  showTab: (leftTab) => set((state) => ({ leftTab, folded: { ...state.folded, left: false } })),
  fold: (side, folded) => set((state) => ({ folded: { ...state.folded, [side]: folded ?? !state.folded[side] } })),
  resize: (side, pixels) => set((state) => ({ sizes: { ...state.sizes, [side]: Math.round(pixels) } })),
  showDesk: (deskView) =>
    set((state) => ({
      deskView,
      folded: { ...state.folded, bottom: false },
      sizes: deskView === "text" ? { ...state.sizes, bottom: Math.max(state.sizes.bottom, textHeight) } : state.sizes,
    })),
  setMinimap: (minimap) => set({ minimap }),
  showProblems: (problemsOpen) => set({ problemsOpen }),
  openDialog: (dialog) => set({ dialog }),
  notify(toast) {
    lastToast += 1;
    const id = lastToast;
    set((state) => ({ toasts: [...state.toasts.filter(({ text }) => text !== toast.text).slice(-3), { ...toast, id }] }));
    return id;
  },
  dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
}));

/** Shows a message from anywhere. */
export const notify = (toast: Omit<Toast, "id">): number => useInterface.getState().notify(toast);

/** Opens a dialog from anywhere; null closes. */
export const openDialog = (dialog: DialogState | null): void => useInterface.getState().openDialog(dialog);
