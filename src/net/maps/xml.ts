// An XML document as a tree of elements, strictly: what is not well-formed is an error at its line. Entities
// that the document declares itself are not expanded, so a small file cannot become a large one.

import { SaxesParser } from 'saxes';
import { MapError } from './errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All the text directly inside, white space trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: OpenElement[];
  text: string;
}

/** The root element. Throws `MapError`. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  parser.on('error', (error) => {
    throw new MapError(`it is not well-formed XML: ${error.message}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => addText(open.at(-1), piece));
  parser.on('cdata', (piece) => addText(open.at(-1), piece));
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined) closed.text = closed.text.trim();
  });
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw new MapError('it is an XML document without elements');
  return root;
}

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  childrenOf(element, name)[0];

/** Throws `MapError` where the element has no such attribute. */
export function attribute(element: XmlElement, name: string): string {
  const value = element.attributes[name];
  if (value === undefined) throw new MapError(`<${element.name}> has no ${name}`);
  return value;
}

function addText(element: OpenElement | undefined, piece: string): void {
  if (element !== undefined) element.text += piece;
}
