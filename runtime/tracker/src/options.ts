/** An event's properties: what is sent as `p`. */
export type Props = Record<string, unknown>;

export interface Revenue {
  currency?: string;
  amount?: string | number;
}

/** What a caller learns: a status, an error, nothing when the event was ignored. */
export type Result = { status?: number; error?: unknown };

/** The second argument of `eider(name, event)`. */
export interface Event {
  props?: Props;
  revenue?: Revenue;
  interactive?: boolean;
  callback?: (result?: Result) => void;
  u?: string;
  url?: string;
}

/** What goes over the wire, in the words of Plausible's event API. */
export interface Payload {
  n: string | number;
  u: string;
  d: string;
  r: string;
  t: string;
  w: number;
  h: Switch;
  p: Props;
  $?: Revenue;
  i?: boolean;
}

/** Absent, false and 0 are off. */
type Switch = boolean | number | string | undefined;

/**
 * What can be set: by the name the script is fetched under, by `data-` attributes of its tag, by
 * `init()`. Of these the later wins.
 */
export interface Options {
  /** Sites that count the event, by commas. */
  domain?: string;
  /** Where events go. */
  endpoint: string;
  /** The same, as Plausible's attribute has it. */
  api?: string;
  /** Path on the script's own host where events go, as the server says it. */
  path: string;
  /** Whether nothing happens before `init()`. */
  wait?: Switch;
  hashBasedRouting?: Switch;
  outboundLinks?: Switch;
  fileDownloads?: Switch | { fileExtensions?: string[] };
  formSubmissions?: Switch;
  captureOnLocalhost?: Switch;
  autoCapturePageviews?: Switch;
  logging?: Switch;
  /** Pages that are counted or not, by commas; `*` stands for a part of a path, `**` for any. */
  include?: string;
  exclude?: string;
  customProperties?: Props | ((name: string | number) => Props);
  transformRequest?: (payload: Payload) => Payload | null | undefined | false;
}

/** The server writes an object here, by the name that the script is fetched under. */
declare const EIDER_SERVED: Options;

/**
 * Whether this build has all that Plausible's scripts can be told: reasons in the console, pages
 * left out, requests changed, other file types.
 */
declare const EIDER_FULL: boolean;
/** Whether this build is for browsers without ES2015. */
declare const EIDER_COMPAT: boolean;

export const FULL: boolean = EIDER_FULL;
export const COMPAT: boolean = EIDER_COMPAT;

/** The script's tag. */
export const tag = (
  COMPAT
    ? document.currentScript || document.querySelector('script[data-domain]')
    : document.currentScript
) as HTMLScriptElement;

/** The options in force. */
export let options: Options = EIDER_SERVED;

/** Takes options over those in force. */
export function set(more?: object): void {
  options = { ...options, ...more };
}

set(tag.dataset);
