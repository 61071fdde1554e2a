import { useEffect, useState } from "preact/hooks";

/** How long it says that it did, in milliseconds. */
const SAID_MS = 2_000;

type Props = { text(): string; children?: string; label?: string; class?: "link" | "small" };

/** Copies a text; where the browser forbids that, shows it to be copied by hand. */
export const CopyButton = ({ text, children = "Copy", label, class: look = "link" }: Props) => {
  const [shown, setShown] = useState<{ copied: boolean; text: string }>();
  useEffect(() => {
    if (!shown?.copied) return;
    const timer = setTimeout(() => setShown(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const onClick = async (): Promise<void> => {
    const wanted = text();
    // Without HTTPS there is no clipboard.
    const copied = await navigator.clipboard?.writeText(wanted).then(() => true, () => false);
    setShown({ copied: copied ?? false, text: wanted });
  };
  return (
    <>
      <button type="button" class={look} aria-label={label} onClick={() => void onClick()}>
        {children}
      </button>
      <span class="copied" role="status">{shown?.copied && "Copied."}</span>
      {shown?.copied === false && (
        <textarea
          readOnly
          aria-label="To be copied"
          ref={(element) => element?.select()}
          value={shown.text}
          onBlur={() => setShown(undefined)}
        />
      )}
    </>
  );
};
