import { mount, type Mounted, type MountOptions } from "./mount.tsx";

/** The page's style sheet, which the build puts here. */
declare const PLUGBOARD_STYLES: string;

/** One for all that is mounted. */
const styles = new CSSStyleSheet();
styles.replaceSync(PLUGBOARD_STYLES);

/** The gateway this file came from. */
const home = new URL(import.meta.url).origin;

/**
 * Shows the page, or one plugin or handler of it, in an element of anybody's page: within an open
 * shadow root, so that neither has styles for the other.
 * @example
 * const shown = mount(document.querySelector("#sum"), { handler: "math.add", theme: "light" });
 * shown.update({ readOnly: true });
 * shown.unmount();
 * @throws TypeError when `url` is not http(s); DOMException when the element can have no shadow root.
 */
export const mountInShadow = (element: Element, options: MountOptions = {}): Mounted => {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [styles];
  return mount(root, options, { home });
};
