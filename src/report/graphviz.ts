// Graphviz, compiled to WebAssembly: the same layout on every machine, and nothing to install.

import * as graphvizModule from '@hpcc-js/wasm/graphviz';

interface GraphLayout {
  /** The SVG document of a graph in the DOT language. Throws on a syntax error. */
  dot(source: string): string;
  /** `plain`: a line for each node, with its place. */
  layout(source: string, format: 'plain', engine: 'neato'): string;
}

// The package's own types name a package that it does not bring along, so what is used of it is said here.
const { Graphviz } = graphvizModule as unknown as { Graphviz: { load(): Promise<GraphLayout> } };

export const loadGraphviz = (): Promise<GraphLayout> => Graphviz.load();
