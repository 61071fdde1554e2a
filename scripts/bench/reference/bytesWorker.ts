import { serve } from "./serve.ts";

// The same bytes back.
await serve((content, answer) => answer(content));
