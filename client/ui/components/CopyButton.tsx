import { useState } from "preact/hooks";

type Props = { children: string; label?: string; text(): string };

/** Copies a text; where the browser forbids that, shows it to be copied by hand. */
export const CopyButton = ({ children, label, text }: Props) => {
  const [shown, setShown] = useState<{ copied: boolean; text: string }>();
  const onClick = async (): Promise<void> => {
    const wanted = text();
    // Without HTTPS there is no clipboard.
    const copied = await navigator.clipboard?.writeText(wanted).then(() => true, () => false);
    setShown({ copied: copied ?? false, text: wanted });
  };
  return (
    <>
      <button type="button" class="link" aria-label={label} onClick={() => void onClick()}>
        {children}
      </button>
      <span role="status">{shown?.copied && "Copied."}</span>
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
