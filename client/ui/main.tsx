import "./app.css";
import { loadLater } from "./components/onDemand.tsx";
import { readEmbedding } from "./models/readEmbedding.ts";
import { mount } from "./mount.tsx";

const element = document.getElementById("plugboard");
if (element) mount(element, readEmbedding(location.search), { ownsWindow: true });

// What is shown later is there by then; where it did not come, that says so itself.
addEventListener("load", () => setTimeout(() => loadLater().catch(() => {})));
