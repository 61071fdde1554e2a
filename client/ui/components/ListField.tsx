import { type ComponentChildren, type ComponentType } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { FieldModel } from "../models/fieldModel.ts";
import type { ListBody } from "../models/listBody.ts";
import { FieldGroup } from "./FieldGroup.tsx";

/** Shows a field; `label` stands in place of its title. */
export type FieldComponent = ComponentType<{ model: FieldModel; label?: ComponentChildren }>;

type Props = {
  model: FieldModel;
  body: ListBody;
  label?: ComponentChildren;
  Field: FieldComponent;
};

/** The items of a list or the entries of a record, with buttons to add, remove and move them. */
export const ListField = ({ model, body, label, Field }: Props) => {
  const { keyed, open, places, given } = body;
  const title = model.field.title || "Item";
  const rows = body.rows.value;
  const list = useRef<HTMLOListElement>(null);
  // What a button did may have taken it away from under the focus: it goes where it was meant.
  const focus = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    if (focus.current === undefined) return;
    const root = list.current?.parentElement;
    root?.querySelector<HTMLElement>(focus.current)?.focus();
    focus.current = undefined;
  });

  const move = (index: number, by: number): void => {
    focus.current = `:scope > ol > li:nth-child(${index + by + 1}) > .tools [data-by="${by}"]`;
    body.move(index, index + by);
  };
  const remove = (index: number): void => {
    const next = Math.min(index + 1, rows.length - 1);
    focus.current = `:scope > ol > li:nth-child(${next}) > .tools :last-child, :scope > .add`;
    body.remove(index);
  };
  const add = (): void => {
    focus.current = ":scope > ol > li:last-child :is(input, select, textarea, button)";
    body.add();
  };

  return (
    <FieldGroup model={model} label={label} given={given}>
      {given.value && (
        <ol class="rows" ref={list}>
          {rows.map((row, index) => {
            const name = `${title} ${index + 1}`;
            return (
              <li key={row.model.id} data-keyed={keyed || undefined}>
                {keyed && (
                  <input
                    class="key"
                    aria-label={`Name of ${name}`}
                    placeholder="Name"
                    value={row.key.value}
                    onInput={(event) => body.rename(index, event.currentTarget.value)}
                  />
                )}
                <Field model={row.model} label={row.model.field.title || numbered(title, index)} />
                {index >= places && (
                  <span class="tools">
                    {!keyed && (
                      <>
                        <Tool
                          name={`Move ${name} up`}
                          by={-1}
                          sign="↑"
                          act={() => move(index, -1)}
                        />
                        <Tool
                          name={`Move ${name} down`}
                          by={1}
                          sign="↓"
                          act={() => move(index, 1)}
                        />
                      </>
                    )}
                    <Tool
                      name={`Remove ${name}`}
                      sign="×"
                      act={() => remove(index)}
                    />
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      )}
      {open && given.value && (
        <button type="button" class="add" onClick={add}>
          Add {keyed ? "an entry" : "an item"}
          {model.field.title && <span class="unseen">to {title}</span>}
        </button>
      )}
    </FieldGroup>
  );
};

/** Whoever hears it does not see what it is a number of. */
const numbered = (title: string, index: number) => (
  <>
    <span class="unseen">{title}</span> {index + 1}
  </>
);

type ToolProps = { name: string; sign: string; by?: number; act(): void };

const Tool = ({ name, sign, by, act }: ToolProps) => (
  <button type="button" aria-label={name} title={name} data-by={by} onClick={act}>{sign}</button>
);
