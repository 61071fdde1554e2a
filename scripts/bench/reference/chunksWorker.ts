import { fromContent, toContent } from "./forward.ts";
import { serve } from "./serve.ts";

// One AMQP message for each chunk, and nothing that holds it back.
await serve((content, answer) => {
  const { upTo } = fromContent(content) as { upTo: number };
  for (let n = 0; n < upTo; n++) answer(toContent(n));
});
