import { useState } from "preact/hooks";
import { Bytes } from "./Bytes.tsx";
import { Text } from "./Text.tsx";

/** How many parts are drawn at a time. */
const PAGE = 100;

type Props = { name?: string; value: unknown; isOpen?: boolean };

/** A value and, as far as they are opened, its parts. */
export const Tree = ({ name, value, isOpen = false }: Props) => {
  const [open, setOpen] = useState(isOpen);
  const label = name !== undefined && <span class="key">{name}:</span>;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
    return (
      <div class="leaf">
        {label} <Leaf value={value} />
      </div>
    );
  }
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (count === 0) return <div class="leaf">{label} {left}{right}</div>;
  return (
    <details
      class="tree"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {label} <span class="preview">{open ? `${left}${count}${right}` : preview(value)}</span>
      </summary>
      {open && <Parts value={value} />}
    </details>
  );
};

const Parts = ({ value }: { value: object }) => {
  const [shown, setShown] = useState(PAGE);
  // The keys only: of a large value most parts are never looked at.
  const keys = Object.keys(value);
  return (
    <div class="parts">
      {keys.slice(0, shown).map((key) => (
        <Tree key={key} name={key} value={(value as Record<string, unknown>)[key]} />
      ))}
      {keys.length > shown && (
        <button
          type="button"
          class="small"
          onClick={() => setShown(shown + PAGE)}
        >
          {Math.min(PAGE, keys.length - shown)} more of {keys.length - shown}
        </button>
      )}
    </div>
  );
};

const Leaf = ({ value }: { value: unknown }) => {
  if (value instanceof Uint8Array) return <Bytes parts={[value]} />;
  if (typeof value !== "string") return <span class="scalar">{String(value)}</span>;
  return (
    <span class="string">
      <Text text={value} />
    </span>
  );
};

/** What is in a value, in a line. */
const preview = (value: object): string => {
  const isList = Array.isArray(value);
  // A list may be long: only its beginning is looked at.
  const parts = isList ? value.slice(0, 9) : value;
  const entries = Object.entries(parts).slice(0, 9).map(([key, part]) =>
    isList ? brief(part) : `${key}: ${brief(part)}`
  );
  if (entries.length > 8) entries[8] = "…";
  return isList ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
};

const brief = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === "object" && value !== null) return "{…}";
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, 41)) : String(value);
  return text.length > 42 ? `${text.slice(0, 40)}…"` : text;
};
