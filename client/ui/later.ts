/**
 * What nobody sees at first: a bundle of its own, loaded when it is asked for.
 * @module
 */
export { BrokenFiles } from "./components/BrokenFiles.tsx";
export { FileControl } from "./components/FileControl.tsx";
export { JsonInput } from "./components/JsonInput.tsx";
export { ListField } from "./components/ListField.tsx";
export { Logs } from "./components/Logs.tsx";
export { NoPlugins } from "./components/NoPlugins.tsx";
export { RunResult } from "./components/RunResult.tsx";
export { RunTabs } from "./components/RunTabs.tsx";
export { Shortcuts } from "./components/Shortcuts.tsx";
export { SignIn } from "./components/SignIn.tsx";
export { StartWorker } from "./components/StartWorker.tsx";
export { Status } from "./components/Status.tsx";
export { UnionField } from "./components/UnionField.tsx";
