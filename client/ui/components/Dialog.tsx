import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type Props = { label: string; onClose(): void; children: ComponentChildren };

/** A modal dialog, open while it is there: Esc and a click beside it close it. */
export const Dialog = ({ label, onClose, children }: Props) => {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    // Closing gives the focus back to where it was; taking the element away would lose it.
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      part="dialog"
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {children}
    </dialog>
  );
};
