import { fromContent, toContent } from "./forward.ts";
import { serve } from "./serve.ts";

// The worker of "naive chain" and of "raw RPC": one message for each request and for each answer.
await serve((content, answer) => {
  const { a, b } = fromContent(content) as { a: number; b: number };
  answer(toContent(a + b));
});
