import "./app.css";
import { mount } from "./mount.tsx";

const element = document.getElementById("plugboard");
if (element) mount(element, { logErrors: true });
