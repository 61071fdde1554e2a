import type { PageModel } from "../models/pageModel.ts";
import { asTheme, type ThemeModel, THEMES } from "../models/themeModel.ts";
import { withMod } from "../models/shortcuts.ts";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { ConnectionStatus } from "./ConnectionStatus.tsx";

type Props = { page: PageModel; onDialog(dialog: "finder" | "shortcuts"): void };

/** What is above everything: the way back, the finder, the connection, the theme. */
export const Header = ({ page, onDialog }: Props) => {
  const Name = page.ownsWindow ? "h1" : "p";
  return (
    <header class="top" part="header">
      <Name class="name">
        <a href="#/">Plugboard</a>
      </Name>
      <button
        type="button"
        class="find"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => onDialog("finder")}
      >
        Find… <kbd>{withMod("K")}</kbd>
      </button>
      <ConnectionStatus catalog={page.catalog} />
      {page.themes && <ThemeChoice themes={page.themes} />}
      <button
        type="button"
        aria-label="Shortcuts"
        aria-keyshortcuts="?"
        title="Shortcuts"
        onClick={() => onDialog("shortcuts")}
      >
        ?
      </button>
      <ConnectionBanner page={page} />
    </header>
  );
};

const ThemeChoice = ({ themes }: { themes: ThemeModel }) => (
  <select
    aria-label="Theme"
    value={themes.theme.value}
    onChange={(event) => themes.choose(asTheme(event.currentTarget.value))}
  >
    {THEMES.map((theme) => <option key={theme} value={theme}>{WORDS[theme]}</option>)}
  </select>
);

const WORDS = { auto: "Automatic", light: "Light", dark: "Dark" };
