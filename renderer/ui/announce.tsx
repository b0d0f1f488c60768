import { create } from "zustand";

/** Says things to those who listen to the screen instead of looking at it. */
const useAnnouncement = create<{ readonly text: string }>()(() => ({ text: "" }));

export const announce = (text: string): void => useAnnouncement.setState({ text });

export function Announcer() {
  const text = useAnnouncement((state) => state.text);
  return (
    <p className="sr-only" aria-live="polite" data-announcer>
      {text}
    </p>
  );
}
