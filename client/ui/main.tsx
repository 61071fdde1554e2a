import "./app.css";
import { readEmbedding } from "./models/readEmbedding.ts";
import { mount } from "./mount.tsx";

const element = document.getElementById("plugboard");
if (element) mount(element, readEmbedding(location.search), { ownsWindow: true });
