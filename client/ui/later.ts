/**
 * What nobody sees at first: a bundle of its own, loaded when it is asked for.
 * @module
 */
export { FileControl } from "./components/FileControl.tsx";
export { JsonInput } from "./components/JsonInput.tsx";
export { Logs } from "./components/Logs.tsx";
export { RunResult } from "./components/RunResult.tsx";
export { RunTabs } from "./components/RunTabs.tsx";
export { Status } from "./components/Status.tsx";
