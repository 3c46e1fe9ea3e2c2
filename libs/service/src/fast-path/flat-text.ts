/** A copy of a text in one piece. A text that was concatenated is otherwise copied together anew whenever it becomes part of another. */
export const flatText = (text: string): string => Buffer.from(text).toString()
