import { asTheme } from "./models/themeModel.ts";
import type { Mounted, MountOptions } from "./mount.tsx";
import { mountInShadow } from "./mountInShadow.ts";

/**
 * `<plugboard-ui>`: `mount` as an element, with the attributes `url`, `plugin`, `handler`, `theme`
 * and `readonly`. A secret is no attribute: set the property `auth`. Each value a handler gives is a
 * `plugboard-result` event with `detail`.
 *
 * A class, as there is no other way to make an element.
 */
export class PlugboardUi extends HTMLElement {
  static observedAttributes = ["url", "plugin", "handler", "theme", "readonly"];
  #auth: MountOptions["auth"];
  #mounted: Mounted | undefined;

  /** What the gateway wants to be shown, such as `{ token }`. */
  get auth(): MountOptions["auth"] {
    return this.#auth;
  }
  set auth(auth: MountOptions["auth"]) {
    this.#auth = auth;
    this.attributeChangedCallback();
  }

  connectedCallback(): void {
    // What was set before the element was defined is in the accessor's way.
    if (Object.hasOwn(this, "auth")) {
      const { auth } = this;
      delete this.auth;
      this.#auth = auth;
    }
    this.#mounted ??= mountInShadow(this, this.#options());
  }
  disconnectedCallback(): void {
    this.#mounted?.unmount();
    this.#mounted = undefined;
  }
  /** That it is there lets `moveBefore` keep what is mounted. */
  connectedMoveCallback(): void {}
  attributeChangedCallback(): void {
    this.#mounted?.update(this.#options());
  }

  #options(): MountOptions {
    const given = (name: string) => this.getAttribute(name) ?? undefined;
    return {
      url: given("url"),
      plugin: given("plugin"),
      handler: given("handler"),
      theme: asTheme(given("theme")),
      readOnly: this.hasAttribute("readonly"),
      auth: this.#auth,
      onResult: (detail) =>
        this.dispatchEvent(
          new CustomEvent("plugboard-result", { detail, bubbles: true, composed: true }),
        ),
    };
  }
}
