/**
 * What `/embed.js` serves: the page as a part of other pages. Importing it defines `<plugboard-ui>`.
 * @module
 */
import { PlugboardUi } from "./PlugboardUi.ts";

export { mountInShadow as mount } from "./mountInShadow.ts";
export type { HandlerResult } from "./models/reportResults.ts";
export type { Mounted, MountOptions } from "./mount.tsx";

// Another gateway's may be there already; with `url` either will do.
if (!customElements.get("plugboard-ui")) customElements.define("plugboard-ui", PlugboardUi);
