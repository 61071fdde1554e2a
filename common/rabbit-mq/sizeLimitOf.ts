/**
 * The largest message a broker takes, in bytes, where an error of a channel says that one was larger
 * (`max_message_size`: 16 MiB by default since RabbitMQ 4.0, 128 MiB before); else `undefined`.
 */
export const sizeLimitOf = (error: Error): number | undefined => {
  const limit = /message size \d+ is larger than (?:configured )?max size (\d+)/.exec(
    error.message,
  );
  return limit ? Number(limit[1]) : undefined;
};
