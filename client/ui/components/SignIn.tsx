import type { TargetedEvent } from "preact";
import type { Access } from "../models/pageModel.ts";

/** Asks for the token that the gateway wants. */
export const SignIn = ({ access, id }: { access: Access; id: string }) => {
  const { isWrong, give } = access;
  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    give(String(new FormData(event.currentTarget).get("token")));
  };
  return (
    <article class="bench">
      <form aria-label="Sign in" onSubmit={onSubmit}>
        <div class="field">
          <label for={id}>Token</label>
          <input
            id={id}
            name="token"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            aria-invalid={isWrong || undefined}
            aria-describedby={`${id}-hint`}
          />
          <p class={isWrong ? "problems" : "hint"} id={`${id}-hint`}>
            {isWrong
              ? "The gateway does not take this token."
              : "The one in the gateway's setting AUTH_TOKEN. It is kept until this tab is closed."}
          </p>
        </div>
        <div class="actions">
          <button class="run" type="submit">Connect</button>
        </div>
      </form>
    </article>
  );
};
