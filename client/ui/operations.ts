/**
 * What people look at who run a gateway: a bundle of its own, loaded when it is asked for.
 * @module
 */
export { Logs } from "./components/Logs.tsx";
export { Status } from "./components/Status.tsx";
