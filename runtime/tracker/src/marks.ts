import { Props } from './options';

/** What an element is marked with. */
export interface Marks {
  event: Props & { name?: string };
  revenue: Props;
}

/**
 * Reads marks: classes, `plausible-event-name=Sign+up`, or attributes, `data-eider-event-name="Sign
 * up"`; on the script's own tag also `event-author="Ann"`.
 */
export function marked(element: Element): Marks {
  const marks: Marks = { event: {}, revenue: {} };
  for (const { name, value } of element.attributes as unknown as Attr[]) {
    (name == 'class' ? value : name + '=' + value.replace(/\s/g, '+')).replace(
      /(plausible-|eider-|^)(event|revenue)-(\S+?)(=|--)(\S+)/g,
      (_0, _1, kind: keyof Marks, key: string, _2, text: string) =>
        (marks[kind][key] = text.replace(/\+/g, ' ')),
    );
  }
  return marks;
}
