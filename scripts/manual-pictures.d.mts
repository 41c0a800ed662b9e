/** Name of the picture, and the scene that it shows. */
export declare const PICTURES: Readonly<Record<string, string>>;
