// A map from the text of a file in any of the formats, told apart by what is in it, not by its name: GraphML,
// SNDlib native and XML, Net2Plan, GNPy, OSCARS, and the normal form.

import * as v from 'valibot';
import { MapError } from './errors.ts';
import { gnpyFile, readGnpy } from './gnpy.ts';
import { readGraphml } from './graphml.ts';
import { readNet2plan } from './net2plan.ts';
import { checkedMap, type NetworkMap } from './network-map.ts';
import { normalFile, readNormalForm } from './normal-form.ts';
import { oscarsFile, readOscars } from './oscars.ts';
import { readSndlibNative } from './sndlib-native.ts';
import { readSndlibXml } from './sndlib-xml.ts';
import { childOf, parseXml, type XmlElement } from './xml.ts';

/** Throws `MapError` with the first thing that is wrong. */
export function readMap(text: string): NetworkMap {
  const content = text.replace(/^\uFEFF/, '').trimStart();
  if (content.startsWith('<')) return checkedMap(readXml(parseXml(content)));
  if (content.startsWith('{')) return checkedMap(readJson(parseJson(content)));
  if (content.startsWith('?SNDlib native format')) return checkedMap(readSndlibNative(content));
  throw new MapError(
    'it is no map: expected GraphML, SNDlib (native or XML), Net2Plan n2p, GNPy JSON, OSCARS JSON or the normal form',
  );
}

function readXml(root: XmlElement): NetworkMap {
  if (root.name === 'graphml') return readGraphml(root);
  if (root.name === 'network' && childOf(root, 'networkStructure') !== undefined) return readSndlibXml(root);
  if (root.name === 'network') return readNet2plan(root);
  throw new MapError(`it is XML with the root <${root.name}>, expected <graphml> or <network>`);
}

function readJson(value: object): NetworkMap {
  if ('links' in value) return readNormalForm(checked(normalFile, value));
  if ('elements' in value) return readGnpy(checked(gnpyFile, value));
  if ('adjcies' in value) return readOscars(checked(oscarsFile, value));
  throw new MapError(
    'it is JSON with none of the keys "links" (normal form), "elements" (GNPy) and "adjcies" (OSCARS)',
  );
}

function parseJson(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new MapError(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new MapError(`at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}`);
}
