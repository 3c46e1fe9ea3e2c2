/** The same text in one piece. What was put together of several is otherwise copied together anew whenever it becomes part of another. */
export const flatText = (text: string): string => Buffer.from(text).toString()
