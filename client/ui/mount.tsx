import { render } from "preact";
import { createId } from "../../common/ids.ts";
import { createLoggerService } from "../loggerService.ts";
import { createMakeBackendRequest } from "../makeBackendRequest.ts";
import { createWebsocketClient } from "../websocketClient.ts";
import { App } from "./components/App.tsx";
import { createPageModel } from "./models/pageModel.ts";

/** Between two drawings of a stream: in less nobody reads, and a drawn page takes fewer chunks. */
const DRAW_MS = 50;

/** Options of `mount`. */
export type MountOptions = {
  /** The gateway. Default: where the page is from. */
  url?: string;
  /** Whether errors of the document nobody caught go to the gateway's log. Default false. */
  logErrors?: boolean;
};

/**
 * Shows the page in an element. `unmount` takes it out again, with its connection and listeners.
 * @example const page = mount(document.body, { url: "http://127.0.0.1:8080" });
 * @throws TypeError when `url` is not http(s).
 */
export const mount = (
  element: Element,
  { url, logErrors = false }: MountOptions = {},
): { unmount(): void } => {
  const socket = createWebsocketClient({ url });
  const logger = logErrors ? createLoggerService({ socket, level: "error" }) : undefined;
  const page = createPageModel({
    socket,
    makeBackendRequest: createMakeBackendRequest(socket),
    window: globalThis,
    schedule: (callback) => void setTimeout(() => requestAnimationFrame(callback), DRAW_MS),
    storage: () => localStorage,
    id: createId(),
  });
  render(<App page={page} />, element);
  socket.connect();
  return {
    unmount() {
      render(null, element);
      page.dispose();
      logger?.close();
      socket.close();
    },
  };
};
