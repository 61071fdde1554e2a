import { computed } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { createFinderModel, type Place } from "../models/finderModel.ts";
import type { PageModel } from "../models/pageModel.ts";
import { routeTo } from "../models/routeModel.ts";

/** Goes to a handler or view by some of its letters. */
export const Finder = ({ page, onClose }: { page: PageModel; onClose(): void }) => {
  const finder = useMemo(() => createFinderModel(computed(() => placesOf(page))), [page]);
  const found = finder.found.value;
  const marked = finder.marked.value;
  const listId = `${page.id}-found`;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  // The dialog may be open already.
  useLayoutEffect(() => input.current?.focus(), []);
  useLayoutEffect(() => list.current?.children[marked]?.scrollIntoView({ block: "nearest" }));

  const go = (place: Place | undefined): void => {
    if (!place) return;
    onClose();
    page.route.go(place.href);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) finder.move(by);
    else if (event.key === "Enter") go(found[marked]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Find a handler or a view"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${marked}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Some letters of its name"
        value={finder.query.value}
        onInput={(event) => finder.type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ul role="listbox" id={listId} aria-label="Found" ref={list}>
        {found.map((place, index) => (
          <li
            key={place.href}
            role="option"
            id={`${listId}-${index}`}
            aria-selected={index === marked}
            onClick={() => go(place)}
          >
            {place.title} <code>{place.name}</code>
          </li>
        ))}
      </ul>
      <p class="quiet" role="status">{found.length === 0 && "Nothing has these letters."}</p>
    </>
  );
};

const placesOf = ({ plugins, views }: PageModel): Place[] => [
  ...(plugins.value ?? []).flatMap(({ handlers }) =>
    handlers.map(({ type, title }) => ({ href: routeTo(type), name: type, title }))
  ),
  ...views.value.map(([name, title]) => ({ href: routeTo(name), name, title })),
];
