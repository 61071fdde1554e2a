import { render } from "preact";
import { createId } from "../../common/ids.ts";
import { createLoggerService } from "../loggerService.ts";
import { createMakeBackendRequest } from "../makeBackendRequest.ts";
import { createWebsocketClient } from "../websocketClient.ts";
import { App } from "./components/App.tsx";
import { keepToken, readToken } from "./models/keptToken.ts";
import { createPageModel, type PageModel, type Scope } from "./models/pageModel.ts";
import { type HandlerResult, reportResults } from "./models/reportResults.ts";
import { createOwnHash } from "./models/routeModel.ts";
import { createThemeModel } from "./models/themeModel.ts";

/** Between two drawings of a stream: in less nobody reads, and a drawn page takes fewer chunks. */
const DRAW_MS = 50;

/** Options of `mount`: where the gateway is, and how much of it is shown. */
export type MountOptions = Scope & {
  /** The gateway. Default: where this code is from. */
  url?: string;
  /** What the gateway wants to be shown, such as `{ token }`. */
  auth?: Record<string, unknown>;
  /** Called with every value that a handler gives: each chunk of a stream, and each result. */
  onResult?(result: HandlerResult): void;
};

/** What `mount` made. */
export type Mounted = {
  /** Changes options. What was typed and what runs stays, but for another `url` or `auth`. */
  update(options: MountOptions): void;
  /** Takes it out again, with its connection and listeners. */
  unmount(): void;
};

/**
 * Shows the page in an element. With `ownsWindow` the window is for the page alone: its address, its
 * keys and its errors too. `home` is the gateway where `url` names none.
 * @example const page = mount(element, { url: "http://127.0.0.1:8080", handler: "math.add" });
 * @throws TypeError when `url` is not http(s).
 */
export const mount = (
  element: Element | ShadowRoot,
  options: MountOptions = {},
  { ownsWindow = false, home }: { ownsWindow?: boolean; home?: string } = {},
): Mounted => {
  const tokens = () => sessionStorage;
  let given = ownsWindow ? { auth: readToken(tokens), ...options } : options;
  let page: PageModel;
  let stop: () => void;

  const start = (): void => {
    const socket = createWebsocketClient({ url: given.url ?? home, auth: given.auth });
    const logger = ownsWindow ? createLoggerService({ socket, level: "error" }) : undefined;
    page = createPageModel({
      socket,
      makeBackendRequest: reportResults(
        createMakeBackendRequest(socket),
        (result) => given.onResult?.(result),
      ),
      window: ownsWindow ? globalThis : createOwnHash(),
      themes: ownsWindow ? createThemeModel(() => localStorage) : undefined,
      access: ownsWindow
        ? {
          isWrong: given.auth !== undefined,
          give(token) {
            keepToken(tokens, token);
            update({ auth: { token } });
          },
        }
        : undefined,
      ownsWindow,
      scope: given,
      schedule: (callback) => void setTimeout(() => requestAnimationFrame(callback), DRAW_MS),
      storage: () => localStorage,
      id: createId(),
    });
    render(<App page={page} />, element);
    let isShown = true;
    // What is taken out again at once, as frameworks do to try a part, never connects.
    queueMicrotask(() => isShown && socket.connect());
    stop = () => {
      isShown = false;
      render(null, element);
      page.dispose();
      logger?.close();
      socket.close();
    };
  };
  const update = (options: MountOptions): void => {
    const { url, auth } = given;
    given = { ...given, ...options };
    page.scope.value = given;
    if (given.url === url && given.auth === auth) return;
    stop();
    start();
  };
  start();
  return { update, unmount: () => stop() };
};
