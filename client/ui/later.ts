/**
 * What nobody sees at first: a bundle of its own, loaded after the first paint, or when asked for.
 * @module
 */
export { AwayBanner } from "./components/AwayBanner.tsx";
export { BrokenFiles } from "./components/BrokenFiles.tsx";
export { FieldGroup } from "./components/FieldGroup.tsx";
export { FileControl } from "./components/FileControl.tsx";
export { Finder } from "./components/Finder.tsx";
export { JsonInput } from "./components/JsonInput.tsx";
export { ListField } from "./components/ListField.tsx";
export { Logs } from "./components/Logs.tsx";
export { NoPlugins } from "./components/NoPlugins.tsx";
export { Runs } from "./components/Runs.tsx";
export { Shortcuts } from "./components/Shortcuts.tsx";
export { SignIn } from "./components/SignIn.tsx";
export { StartWorker } from "./components/StartWorker.tsx";
export { Status } from "./components/Status.tsx";
export { UnionField } from "./components/UnionField.tsx";

/** Its style sheet, which the build puts here: none in `embed.js`, where one has all. */
declare const PLUGBOARD_LATER_STYLES: string;

if (PLUGBOARD_LATER_STYLES) {
  const styles = new CSSStyleSheet();
  styles.replaceSync(PLUGBOARD_LATER_STYLES);
  document.adoptedStyleSheets.push(styles);
}
